// The clock of practice mode: it jumps from message to message, and everything due on the way goes
// out at its time.

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { commands, type Jump } from "../../bindings";
import { useClinic, useNow } from "../../components/clinic";
import { Problem } from "../../components/kit";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { dayAndTime, duration } from "../../lib/format";
import { useAct } from "../../lib/live";

/** Where the clock jumps to, in the order of the buttons. */
const jumps = (t: Translate): [to: Jump, label: string][] => [
  ["nextMessage", t("To the next message")],
  ["hour", t("1 hour on")],
  ["day", t("1 day on")],
  ["quietEnd", t("To the end of quiet hours")],
];

export function PracticeClock() {
  const { t, locale } = useWords();
  const { timeZone, status } = useClinic();
  const now = useNow();
  const jump = useAct(commands.jumpClock);
  const shown = (at: string) => dayAndTime(at, locale, timeZone);
  const ahead = status?.practiceAheadMs ?? 0;
  const came = jump.data;
  return (
    <Stack gap={6} component="section" aria-label={t("Clock of practice")}>
      <Text size="sm" fw={500}>
        {t("Clock of practice")}
      </Text>
      <Group gap="xs">
        {jumps(t).map(([to, label]) => (
          <Button
            key={to}
            size="xs"
            variant="default"
            loading={jump.isPending && jump.variables?.to === to}
            disabled={jump.isPending}
            onClick={() => jump.mutate({ to })}
          >
            {label}
          </Button>
        ))}
      </Group>
      <Text size="sm" role="status">
        {t("It is {when} here.", { when: shown(came?.now ?? new Date(now).toISOString()) })}{" "}
        {came &&
          (came.nextDueAt
            ? t("The next message is due {when}.", { when: shown(came.nextDueAt) })
            : t("Nothing more is planned."))}
      </Text>
      {ahead > 0 && (
        <Text size="sm" c="dimmed">
          {t("Practice is {ahead} ahead of the real time. It does not go back.", {
            ahead: duration(ahead, locale),
          })}
        </Text>
      )}
      {came?.arrived === false && (
        <Alert color="orange" p="xs">
          {t("Very many messages are due on the way: the clock stopped before. Jump again to go on.")}
        </Alert>
      )}
      <Problem error={jump.error} />
    </Stack>
  );
}
