// Another time for a message whose time has not come.

import { Button, type ButtonProps, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { commands, type Message } from "../bindings";
import { useWords } from "../i18n/useWords";
import { MESSAGE_ACTIONS } from "../labels";
import { clinicNow } from "../lib/clock";
import { dateTime } from "../lib/format";
import { lastError, useAct } from "../lib/live";
import { instantOf, wallOf } from "../lib/zones";
import { useClinic } from "./clinic";
import { Problem, When } from "./kit";
import { obstacleOf } from "./obstacle";
import { HOLD_MS, showLeaving } from "./sending";

type Moved = Pick<Message, "id" | "patientId" | "dueAt">;

export function MoveButton({ message, size }: { message: Moved; size: ButtonProps["size"] }) {
  const { t } = useWords();
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button size={size} variant="default" onClick={open}>
        {t(MESSAGE_ACTIONS.move)}
      </Button>
      <Modal opened={isOpen} onClose={close} title={t("Another time")}>
        {isOpen && <Move message={message} close={close} />}
      </Modal>
    </>
  );
}

function Move({ message, close }: { message: Moved; close: () => void }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const [wall, setWall] = useState(wallOf(Date.parse(message.dueAt), timeZone));
  const at = instantOf(wall, timeZone);
  const now = useMoveToNow(message, close);
  const move = useAct(
    (to: string) => commands.moveMessage({ id: message.id, at: to }),
    ({ state, dueAt }) => {
      const when = dateTime(dueAt, locale, timeZone);
      const isLater = state === "scheduled" && Date.parse(dueAt) > clinicNow();
      notifications.show({
        message: isLater ? t("It goes out {when}.", { when }) : t("It goes out as soon as it may."),
      });
      close();
    },
  );
  return (
    <Stack>
      <Text size="sm">
        {t("Now planned:")} <When at={message.dueAt} />
      </Text>
      <TextInput
        type="datetime-local"
        label={t("Goes out at")}
        description={t("In the clinic's time ({zone})", { zone: timeZone })}
        value={wall}
        onChange={(event) => setWall(event.currentTarget.value)}
        data-autofocus
      />
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
function useMoveToNow({ id, patientId, dueAt }: Moved, done: () => void) {
  const { status, timeZone } = useClinic();
  return useAct(async () => {
    // Whatever keeps this from being known, the message goes all the same.
    const patient = await commands.getPatient({ id: patientId }).catch(() => null);
    const obstacle = obstacleOf(patient, status);
    const waits = obstacle?.holds ? 0 : HOLD_MS;
    const leavesAt = waits > 0 ? Date.now() + waits : null;
    const message = await commands.moveMessage({ id, at: new Date(clinicNow() + waits).toISOString() });
    const act = async () => {
      await commands.moveMessage({ id, at: dueAt });
      return "planned" as const;
    };
    const name = message.patientName;
    showLeaving({ message, leavesAt, obstacle, timeZone, undo: { by: "move", act }, name, planned: dueAt });
  }, done);
}
