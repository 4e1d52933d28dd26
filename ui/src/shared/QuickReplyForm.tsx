// The editor of quick replies. It lies apart from how they look: most pages only show them.

import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { LIMITS, type QuickReply } from "../bindings";
import { QUICK_REPLY_KINDS, QuickReplies, type QuickReplyKind } from "../components/quickReplies";
import { useWords } from "../i18n/useWords";
import { namesOf } from "../labels";
import { graphemes } from "../lib/limits";
import { LineWithVariables, type Place, useExample } from "./variables";

const MAX_REPLIES = LIMITS.StepInput.quickReplies.maxItems;
const { maxLength: MAX_LABEL } = LIMITS.Button.label;

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
  const [kind, setKind] = useState<QuickReplyKind>("message");
  const [label, setLabel] = useState("");
  const said = label.trim();
  // Variables count as what stands for them in the end.
  const isTooLong = graphemes(example(said)) > MAX_LABEL;
  const canAdd = said !== "" && !isTooLong && !isFull;
  const add = () => {
    onAdd(QUICK_REPLY_KINDS[kind].of(said));
    setLabel("");
  };
  return (
    <Group gap="xs" align="flex-start">
      <NativeSelect
        size="xs"
        aria-label={t("What the patient does with it")}
        value={kind}
        onChange={({ currentTarget: { value } }) =>
          setKind(namesOf(QUICK_REPLY_KINDS).find((name) => name === value) ?? "message")
        }
        data={namesOf(QUICK_REPLY_KINDS).map((value) => ({
          value,
          label: t(QUICK_REPLY_KINDS[value].label),
        }))}
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
