// Another time for a message whose time has not come, and for a step that is planned.

import type { ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type AtNight, commands, type Message } from "../bindings";
import { BusyButton } from "../components/busy";
import { useClinic } from "../components/clinic";
import { Dialog, readForDialog } from "../components/Dialog";
import { Awaited, onDemand } from "../components/onDemand";
import { useWords } from "../i18n/useWords";
import { MESSAGE_ACTIONS } from "../labels";
import { clinicIn } from "../lib/clock";
import { useAskObstacle } from "./obstacle";
import { holdFor, showLeaving } from "./sending";
import { useUndoable } from "./wayBack";

const MoveForm = onDemand(async () => (await import("./MoveForm")).MoveForm);

/** Reads what the dialog shows, so that it can open at once. */
export const readMoving = () => readForDialog(MoveForm);

export type Moved = {
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
      <BusyButton size={size} variant="default" onClick={() => readMoving().then(open)}>
        {t(MESSAGE_ACTIONS.move)}
      </BusyButton>
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
      <Awaited>{opened && <MoveForm {...moved} close={close} />}</Awaited>
    </Dialog>
  );
}

/** At once: between its old time and its being held it would go. */
export const moveBack = ({ id }: Message, { dueAt, isHeldBack }: Moved) =>
  commands.moveMessage({ id, at: dueAt, ...(isHeldBack && { held: true }) });

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
