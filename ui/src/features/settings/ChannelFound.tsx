// What LINE was found to say of the channel, point by point, and how to mend it. It is read with the
// answer: its sentences are many, and most visits ask for none.

import { Alert, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconHelp, IconX } from "@tabler/icons-react";
import type { ChannelCheck, ChannelFinding, ChannelPoint, PointState } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { ADVICE, POINT_STATES, POINTS } from "../../labels";
import { foundOfChannel } from "../../sayings";

const ICONS: Record<PointState, typeof IconCheck> = {
  ok: IconCheck,
  warning: IconAlertTriangle,
  failed: IconX,
  unknown: IconHelp,
};

export function ChannelFound({ found }: { found: ChannelCheck }) {
  const { t } = useWords();
  return (
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
  );
}

/** One finding, in a sentence. */
export function Finding({ finding }: { finding: ChannelFinding }) {
  const { tell } = useWords();
  return foundOfChannel(finding, tell);
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
