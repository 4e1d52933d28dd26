// The set-up of the LINE channel, point by point: what is wrong in plain words, and how to
// mend it.

import { Alert, Button, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconHelp, IconX } from "@tabler/icons-react";
import { type ChannelPoint, commands, type Point, type PointState } from "../../bindings";
import { Problem } from "../../components/kit";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";

const POINTS: Record<Point, Label> = {
  account: "The clinic's LINE account",
  quota: "Messages this month",
  secret: "Channel secret",
  webhook: "Webhook address",
  webhookTest: "Test call to the webhook",
  redelivery: "Calls again after a failure",
  clock: "The clock of this machine",
};

const STATES: Record<PointState, [label: Label, color: string, Icon: typeof IconCheck]> = {
  ok: ["In order", "teal", IconCheck],
  warning: ["Look at it", "orange", IconAlertTriangle],
  failed: ["Does not work", "red", IconX],
  unknown: ["Not known", "gray", IconHelp],
};

export function ChannelCheck() {
  const { t } = useWords();
  const check = useAct(commands.checkChannel);
  const found = check.data;
  return (
    <Stack gap="sm">
      <Group>
        <Button variant="light" loading={check.isPending} onClick={() => check.mutate({})}>
          {t("Check the whole set-up")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("Asks LINE only; nothing is sent to patients.")}
        </Text>
      </Group>
      <Problem error={check.error} />
      {found && (
        <>
          <Alert color={found.canSend && found.canHear ? "teal" : "orange"} role="status">
            {found.canSend ? t("Messages can be sent.") : t("Messages cannot be sent yet.")}{" "}
            {found.canHear ? t("Answers can be heard.") : t("Answers cannot be heard yet.")}
          </Alert>
          <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
            {found.points.map((point) => (
              <OnePoint key={point.point} point={point} />
            ))}
          </Stack>
        </>
      )}
    </Stack>
  );
}

function OnePoint({ point }: { point: ChannelPoint }) {
  const { t, heard } = useWords();
  const [label, color, Icon] = STATES[point.state];
  return (
    <Group component="li" gap="sm" align="flex-start" wrap="nowrap">
      <ThemeIcon color={color} variant="light" radius="xl">
        <Icon size={16} aria-label={t(label)} />
      </ThemeIcon>
      <Stack gap={0}>
        <Text size="sm" fw={600}>
          {t(POINTS[point.point])}
        </Text>
        <Text size="sm">{heard(point.found)}</Text>
        {point.mend && <Text size="sm">→ {heard(point.mend)}</Text>}
      </Stack>
    </Group>
  );
}
