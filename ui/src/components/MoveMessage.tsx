// Another time for a message whose time has not come, and for a step that is planned.

import { Button, type ButtonProps, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { type AtNight, commands, type Message } from "../bindings";
import { useWords } from "../i18n/useWords";
import { MESSAGE_ACTIONS } from "../labels";
import { clinicIn, clinicNow } from "../lib/clock";
import { dateTime } from "../lib/format";
import { lastError } from "../lib/live";
import { instantOf, wallOf } from "../lib/zones";
import { useClinic } from "./clinic";
import { Dialog } from "./Dialog";
import { GoesOutAt } from "./GoesOutAt";
import { heldBack } from "./holding";
import { Problem, When } from "./kit";
import { useAskObstacle } from "./obstacle";
import { holdFor, showLeaving } from "./sending";
import { useShowUndo, useUndoable } from "./wayBack";

type Moved = {
  /** Who gets it: whether anything keeps it from them. */
  patientId: string;
  dueAt: string;
  /** What quiet hours make of it, where its step says so. */
  atNight?: AtNight | null;
  /** Whether somebody holds it back: so it is again where its new time is taken back. */
  isHeldBack?: boolean;
  /** Gives it the time; what is past is now. */
  move: (at: string) => Promise<Message>;
};

type OfMessage = {
  message: Pick<Message, "id" | "patientId" | "dueAt" | "actions"> & Partial<Pick<Message, "atNight">>;
  size: ButtonProps["size"];
};

export function MoveButton({ message: { id, actions, ...message }, size }: OfMessage) {
  const move = (at: string) => commands.moveMessage({ id, at });
  const isHeldBack = actions.includes("release");
  const { patientId, dueAt, atNight } = message;
  const moved = { patientId, dueAt, atNight, isHeldBack, move };
  return <TimeButton {...moved} size={size} />;
}

/** Asks for another time, and says when it goes then. */
export function TimeButton({ size, ...moved }: Moved & Pick<ButtonProps, "size">) {
  const { t } = useWords();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button size={size} variant="default" onClick={open}>
        {t(MESSAGE_ACTIONS.move)}
      </Button>
      <TimeDialog {...moved} opened={opened} close={close} />
    </>
  );
}

export function TimeDialog({ opened, close, ...moved }: Moved & { opened: boolean; close: () => void }) {
  const { t } = useWords();
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={t("Another time")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      {opened && <Move {...moved} close={close} />}
    </Dialog>
  );
}

const isAhead = ({ state, dueAt }: Message) => state === "scheduled" && Date.parse(dueAt) > clinicNow();

/** At once: between its old time and its being held it would go. */
const moveBack = ({ id }: Message, { dueAt, isHeldBack }: Moved) =>
  commands.moveMessage({ id, at: dueAt, ...(isHeldBack && { held: true }) });

function Move({ close, ...moved }: Moved & { close: () => void }) {
  const { dueAt, move: moveTo } = moved;
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const showUndo = useShowUndo();
  const [wall, setWall] = useState(wallOf(Date.parse(dueAt), timeZone));
  const at = instantOf(wall, timeZone);
  const now = useMoveToNow(moved, close);
  const goes = (message: Message) =>
    isAhead(message)
      ? t("It is planned for {when}.", { when: dateTime(message.dueAt, locale, timeZone) })
      : t("It goes out as soon as it may.");
  const goesBack = (message: Message) => (moved.isHeldBack ? heldBack(message, t) : goes(message));
  const move = useUndoable(moveTo, (message, isUndone) => {
    const back = () => moveBack(message, moved);
    if (isAhead(message)) showUndo(goes(message), isUndone, back, goesBack);
    else notifications.show({ message: goes(message) });
    close();
  });
  return (
    <Stack>
      <Text size="sm">
        {t("Now planned:")} <When at={dueAt} />
      </Text>
      <GoesOutAt wall={wall} setWall={setWall} data-autofocus />
      {at && (
        <Text size="sm" component="div">
          <When at={at} />
        </Text>
      )}
      <Problem error={lastError(move, now)} />
      <Group justify="space-between">
        <Button variant="default" loading={now.isPending} onClick={() => now.mutate({})}>
          {t("Send now")}
        </Button>
        <Button disabled={!at} loading={move.isPending} onClick={() => at && move.mutate(at)}>
          {t("Move it")}
        </Button>
      </Group>
    </Stack>
  );
}

/** Now is in ten seconds, so that it can be taken back; it goes at its old time then. */
export function useMoveToNow(moved: Moved, done: () => void) {
  const { patientId, dueAt, atNight, isHeldBack, move } = moved;
  const { timeZone } = useClinic();
  const askObstacle = useAskObstacle();
  const moveToNow = async () => {
    const obstacle = await askObstacle(patientId, atNight);
    const { holdMs, leavesAt } = holdFor(obstacle);
    const message = await move(clinicIn(holdMs));
    const act = async () => {
      await moveBack(message, moved);
      return isHeldBack ? ("asBefore" as const) : ("planned" as const);
    };
    const [name, undo] = [message.patientName, { by: "move" as const, act }];
    return { message, leavesAt, obstacle, timeZone, undo, name, planned: dueAt };
  };
  return useUndoable(moveToNow, (leaving, isUndone) => {
    showLeaving({ ...leaving, isUndone });
    done();
  });
}
