// Quick replies: what stands under the last message of a push to be tapped, and how it looks. What a
// kind is made of stands in one table, `QUICK_REPLY_KINDS`.

import { ActionIcon, Group, Text } from "@mantine/core";
import {
  IconCalendarEvent,
  IconCamera,
  IconClick,
  IconClock,
  IconMapPin,
  IconMessage,
  IconPhoto,
  IconX,
  type TablerIcon,
} from "@tabler/icons-react";
import type { QuickReply } from "../bindings";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";

export type QuickReplyKind =
  | "message"
  | "postback"
  | "date"
  | "time"
  | "datetime"
  | "camera"
  | "cameraRoll"
  | "location";

type OfKind = { label: Label; icon: TablerIcon; of: (label: string) => QuickReply };

export const QUICK_REPLY_KINDS: Record<QuickReplyKind, OfKind> = {
  message: { label: "says it", icon: IconMessage, of: (label) => ({ type: "message", label }) },
  postback: { label: "presses it", icon: IconClick, of: (label) => ({ type: "postback", label }) },
  date: {
    label: "chooses a day",
    icon: IconCalendarEvent,
    of: (label) => ({ type: "postback", label, picker: { mode: "date" } }),
  },
  time: {
    label: "chooses a time of day",
    icon: IconClock,
    of: (label) => ({ type: "postback", label, picker: { mode: "time" } }),
  },
  datetime: {
    label: "chooses a day and a time",
    icon: IconCalendarEvent,
    of: (label) => ({ type: "postback", label, picker: { mode: "datetime" } }),
  },
  camera: { label: "takes a picture", icon: IconCamera, of: (label) => ({ type: "camera", label }) },
  cameraRoll: { label: "sends a picture", icon: IconPhoto, of: (label) => ({ type: "cameraRoll", label }) },
  location: { label: "sends a place", icon: IconMapPin, of: (label) => ({ type: "location", label }) },
};

const kindOf = (reply: QuickReply): QuickReplyKind =>
  reply.type === "postback" ? (reply.picker?.mode ?? "postback") : reply.type;

type Shown = { replies: QuickReply[]; onRemove?: (n: number) => void };

/** Quick replies as chips; each can be taken away where `onRemove` is given. */
export function QuickReplies({ replies, onRemove }: Shown) {
  const { t } = useWords();
  if (replies.length === 0) return null;
  return (
    <Group gap={6} role="list" aria-label={t("Quick replies")}>
      {replies.map((reply, n) => (
        // They have no identity but their place.
        <Chip key={n} reply={reply} onRemove={onRemove && (() => onRemove(n))} />
      ))}
    </Group>
  );
}

function Chip({ reply, onRemove }: { reply: QuickReply; onRemove?: () => void }) {
  const { t } = useWords();
  const { icon: Icon, label } = QUICK_REPLY_KINDS[kindOf(reply)];
  return (
    <Group gap={4} role="listitem" wrap="nowrap" px={10} py={2} bg="white" bd="1px solid #9fb3cf" bdrs="xl">
      <Icon size={14} color="#1c3d6e" role="img" aria-label={t("The patient {does}", { does: t(label) })} />
      <Text size="xs" c="#1c3d6e" fw={600}>
        {reply.label}
      </Text>
      {onRemove && (
        <ActionIcon
          variant="transparent"
          color="#1c3d6e"
          size={24}
          aria-label={t("Remove the quick reply {label}", { label: reply.label })}
          onClick={onRemove}
        >
          <IconX size={12} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}
