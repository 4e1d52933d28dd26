// The step that is being written, as the phone will show it.

import { Stack, Text } from "@mantine/core";
import { Bubble, messageOf } from "../../components/Bubble";
import { useExample } from "../../components/variables";
import { useWords } from "../../i18n/useWords";
import { contentOf } from "./contents";
import type { Draft } from "./steps";
import { triggerInWords, triggerOf } from "./triggers";

export function StepPreview({ step }: { step: Draft }) {
  const { t } = useWords();
  const example = useExample();
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {triggerInWords(triggerOf(step.triggerType, step.triggers), t)}
      </Text>
      <div className="phone" style={{ minHeight: 180 }}>
        {step.objects.map(({ key, messageType, contents }) => (
          <Bubble key={key} message={example(messageOf(messageType, contentOf(messageType, contents)))} />
        ))}
        {step.asks && (
          <Bubble
            message={example({
              type: "template",
              template: {
                text: step.question,
                actions: step.buttons.map((b) => ({
                  type: b.picker.mode === "" ? "postback" : "datetimepicker",
                  label: b.label || "…",
                })),
              },
            })}
          />
        )}
      </div>
    </Stack>
  );
}
