// Quick replies: what stands under the last message of a push to be tapped, how it looks, and its
// editor. What a kind is made of stands in one table, `KINDS`.

import { ActionIcon, Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
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
import { type ReactNode, useState } from "react";
import { LIMITS, type QuickReply } from "../bindings";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { namesOf } from "../labels";
import { graphemes } from "../lib/limits";
import { LineWithVariables, type Place, useExample } from "./variables";

type Kind = "message" | "postback" | "date" | "time" | "datetime" | "camera" | "cameraRoll" | "location";

const KINDS: Record<Kind, { label: Label; icon: TablerIcon; of: (label: string) => QuickReply }> = {
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

const MAX_REPLIES = LIMITS.StepInput.quickReplies.maxItems;
const { maxLength: MAX_LABEL } = LIMITS.Button.label;

const kindOf = (reply: QuickReply): Kind =>
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
  const { icon: Icon, label } = KINDS[kindOf(reply)];
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

type Edited = {
  /** Its name in a form. */
  path?: string;
  place: Place;
  replies: QuickReply[];
  onChange: (replies: QuickReply[]) => void;
  error?: ReactNode;
};

/** Adds quick replies and takes them away. */
export function QuickReplyForm({ path, place, replies, onChange, error }: Edited) {
  const { t } = useWords();
  return (
    <Stack gap={6} role="group" aria-label={t("Quick replies")} data-path={path} tabIndex={-1}>
      <Text size="sm" fw={500}>
        {t("Quick replies")}
      </Text>
      <Text size="xs" c="dimmed">
        {t(
          "They stand over the keyboard until the patient taps one or something else is said. They are no answer to a question: its buttons are.",
        )}
      </Text>
      <QuickReplies replies={replies} onRemove={(n) => onChange(replies.filter((_, at) => at !== n))} />
      {error && (
        <Text size="xs" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      <AddQuickReply
        place={place}
        isFull={replies.length >= MAX_REPLIES}
        onAdd={(reply) => onChange([...replies, reply])}
      />
    </Stack>
  );
}

type Adding = { place: Place; isFull: boolean; onAdd: (reply: QuickReply) => void };

function AddQuickReply({ place, isFull, onAdd }: Adding) {
  const { t } = useWords();
  const example = useExample();
  const [kind, setKind] = useState<Kind>("message");
  const [label, setLabel] = useState("");
  const said = label.trim();
  // Variables count as what stands for them in the end.
  const isTooLong = graphemes(example(said)) > MAX_LABEL;
  const canAdd = said !== "" && !isTooLong && !isFull;
  const add = () => {
    onAdd(KINDS[kind].of(said));
    setLabel("");
  };
  return (
    <Group gap="xs" align="flex-start">
      <NativeSelect
        size="xs"
        aria-label={t("What the patient does with it")}
        value={kind}
        onChange={({ currentTarget: { value } }) =>
          setKind(namesOf(KINDS).find((name) => name === value) ?? "message")
        }
        data={namesOf(KINDS).map((value) => ({ value, label: t(KINDS[value].label) }))}
      />
      <LineWithVariables
        place={place}
        size="xs"
        flex="1 1 140px"
        aria-label={t("What stands on the quick reply")}
        placeholder={t("What stands on the quick reply")}
        value={label}
        error={isTooLong ? t("At most {n} characters.", { n: MAX_LABEL }) : undefined}
        onChange={setLabel}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // It stands within the form of a plan, which would be saved.
          event.preventDefault();
          if (canAdd) add();
        }}
      />
      <Button size="xs" variant="default" disabled={!canAdd} onClick={add}>
        {t("Add quick reply")}
      </Button>
      {isFull && (
        <Text size="xs" c="dimmed">
          {t("At most {n} quick replies.", { n: MAX_REPLIES })}
        </Text>
      )}
    </Group>
  );
}
