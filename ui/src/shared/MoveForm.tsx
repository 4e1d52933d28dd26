// The form for another time, with "Send now" beside it.

import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { Message } from "../bindings";
import { useClinic } from "../components/clinic";
import { GoesOutAt } from "../components/GoesOutAt";
import { Problem, When } from "../components/kit";
import { useWords } from "../i18n/useWords";
import { clinicNow } from "../lib/clock";
import { dateTime } from "../lib/format";
import { lastError } from "../lib/live";
import { instantOf, wallOf } from "../lib/zones";
import { heldBack } from "./holding";
import { type Moved, moveBack, useMoveToNow } from "./MoveMessage";
import { useShowUndo, useUndoable } from "./wayBack";

const isAhead = ({ state, dueAt }: Message) => state === "scheduled" && Date.parse(dueAt) > clinicNow();

export function MoveForm({ close, ...moved }: Moved & { close: () => void }) {
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
