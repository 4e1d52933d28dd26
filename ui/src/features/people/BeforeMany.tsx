// Before messages are retried or let go: what will happen, in numbers. The set is the one that was
// there when it was asked for; what fails later is not swept in.

import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { IconClockPause } from "@tabler/icons-react";
import { useRef } from "react";
import type { Cause, FailedDelivery, MessageAction } from "../../bindings";
import { useObstacleForAll } from "../../components/obstacle";
import { useWords } from "../../i18n/useWords";
import { CAUSES, NO_CAUSE } from "../../labels";
import { useGetSettings } from "../../queries";

/** What may be done to many; what failed has no other time. */
export type Act = Exclude<MessageAction, "move">;

type Asked = { action: Act; rows: FailedDelivery[] };
type Shown = { asked: Asked; onClose: () => void; onGo: (asked: Asked) => void };

export function BeforeMany({ asked, ...acts }: Omit<Shown, "asked"> & { asked: Asked | null }) {
  const { t } = useWords();
  // While it closes it still says what it was about.
  const last = useRef(asked);
  if (asked) last.current = asked;
  const about = asked ?? last.current;
  return (
    <Modal
      opened={!!asked}
      onClose={acts.onClose}
      size="lg"
      title={about?.action === "cancel" ? t("Let messages go") : t("Retry messages")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      {about &&
        (about.action === "cancel" ? <LetGo asked={about} {...acts} /> : <Retry asked={about} {...acts} />)}
    </Modal>
  );
}

const parted = ({ action, rows }: Asked) => ({
  can: rows.filter((row) => row.actions.includes(action)),
  cannot: rows.filter((row) => !row.actions.includes(action)),
});

function Retry({ asked, onClose, onGo }: Shown) {
  const { t } = useWords();
  const { can, cannot } = parted(asked);
  const maybe = can.filter((row) => row.maybeSent).length;
  return (
    <Stack>
      <Text>
        {t("{n, plural, one {# message can be retried.} other {# messages can be retried.}}", {
          n: can.length,
        })}{" "}
        {t("What fails from now on is not among them.")}
      </Text>
      {cannot.length > 0 && <Cannot rows={cannot} />}
      {maybe > 0 && (
        <Text size="sm">
          {t(
            "{n, plural, one {# of them may have arrived already.} other {# of them may have arrived already.}} A retry is safe: LINE recognises the message.",
            { n: maybe },
          )}
        </Text>
      )}
      <WhenTheyGo />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("Not now")}
        </Button>
        <Go asked={asked} onClose={onClose} onGo={onGo}>
          {t("Retry these {n}", { n: can.length })}
        </Go>
      </Group>
    </Stack>
  );
}

/** Those that cannot be retried, by cause, and what helps instead. */
function Cannot({ rows }: { rows: FailedDelivery[] }) {
  const { t } = useWords();
  const counts = new Map<Cause | null, number>();
  for (const { causeCode } of rows) counts.set(causeCode, (counts.get(causeCode) ?? 0) + 1);
  return (
    <div>
      <Text>
        {t("{n, plural, one {# cannot, and stays here:} other {# cannot, and stay here:}}", {
          n: rows.length,
        })}
      </Text>
      <List size="sm">
        {[...counts].map(([cause, n]) => {
          const { label, failed } = cause ? CAUSES[cause] : NO_CAUSE;
          const said = t("{why}: {n, plural, one {# message} other {# messages}}", { why: t(label), n });
          return (
            <List.Item key={cause}>
              {said}
              {failed && <Text size="sm">{t(failed)}</Text>}
            </List.Item>
          );
        })}
      </List>
    </div>
  );
}

/** When they go out: not while something holds all of it, nor in quiet hours. */
function WhenTheyGo() {
  const { t } = useWords();
  const obstacle = useObstacleForAll();
  const quiet = useGetSettings({}).data?.quietHours;
  return (
    <Stack gap={4}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        {obstacle && <IconClockPause size={18} aria-hidden style={{ flex: "none" }} />}
        <Text size="sm">
          {obstacle
            ? t("They will wait: {why}.", { why: t(obstacle.label) })
            : t("They go out now, one after the other.")}{" "}
          {obstacle?.hint && t(obstacle.hint)}
        </Text>
      </Group>
      {quiet && (
        <Text size="sm">
          {t("Where it is between {start} and {end} for the patient, they wait until {end}: quiet hours.", {
            start: quiet.start,
            end: quiet.end,
          })}
        </Text>
      )}
    </Stack>
  );
}

function LetGo({ asked, onClose, onGo }: Shown) {
  const { t } = useWords();
  const { can, cannot } = parted(asked);
  return (
    <Stack>
      <Text>
        {t("{n, plural, one {# message will not be sent.} other {# messages will not be sent.}}", {
          n: can.length,
        })}{" "}
        {t("This cannot be undone, and the patients are not told.")}
      </Text>
      <Text size="sm">{t("Of a message that repeats, all that would follow is stopped, too.")}</Text>
      {cannot.length > 0 && (
        <Text size="sm">
          {t("{n, plural, one {# cannot, and stays here:} other {# cannot, and stay here:}}", {
            n: cannot.length,
          })}{" "}
          {t("the message can no longer be cancelled; look at it again")}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("Keep them")}
        </Button>
        <Go asked={asked} onClose={onClose} onGo={onGo} color="red.9">
          {t("Let these {n} go", { n: can.length })}
        </Go>
      </Group>
    </Stack>
  );
}

function Go({ asked, onClose, onGo, color, children }: Shown & { color?: string; children: string }) {
  return (
    <Button
      color={color}
      data-autofocus
      onClick={() => {
        onClose();
        onGo(asked);
      }}
    >
      {children}
    </Button>
  );
}
