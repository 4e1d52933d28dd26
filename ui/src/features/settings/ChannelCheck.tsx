// The set-up of the LINE channel, point by point: what is wrong in plain words, and how to
// mend it.

import { Alert, Button, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconHelp, IconX } from "@tabler/icons-react";
import { type ChannelPoint, commands, type PointState } from "../../bindings";
import { Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { ADVICE, POINT_STATES, POINTS } from "../../labels";
import { useAct } from "../../lib/live";
import { foundOfChannel } from "../../sayings";

const ICONS: Record<PointState, typeof IconCheck> = {
  ok: IconCheck,
  warning: IconAlertTriangle,
  failed: IconX,
  unknown: IconHelp,
};

/** Asks LINE on demand; what it found last is known to whoever shows it. */
export const useChannelCheck = () => useAct(commands.checkChannel);

export function ChannelCheck({ check }: { check: ReturnType<typeof useChannelCheck> }) {
  const { t } = useWords();
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
  const { t, tell } = useWords();
  const { label, color } = POINT_STATES[point.state];
  const Icon = ICONS[point.state];
  return (
    <Group component="li" gap="sm" align="flex-start" wrap="nowrap">
      <ThemeIcon color={color} variant="light" radius="xl">
        <Icon size={16} aria-label={t(label)} />
      </ThemeIcon>
      <Stack gap={0} miw={0}>
        <Text size="sm" fw={600}>
          {t(POINTS[point.point])}
        </Text>
        <Text size="sm" className="address">
          {foundOfChannel(point.finding, tell)}
        </Text>
        {point.advice && <Text size="sm">→ {t(ADVICE[point.advice])}</Text>}
      </Stack>
    </Group>
  );
}
