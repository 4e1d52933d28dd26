// The step that is being written, as the phone will show it.

import { Stack } from "@mantine/core";
import { Bubble, messageOf } from "../../components/Bubble";
import { QuickReplies } from "../../components/quickReplies";
import { useExample } from "../../components/variables";
import { contentOf } from "./contents";
import type { Draft, Shown } from "./steps";

export function StepPreview({ step, language }: { step: Draft; language: Shown }) {
  const example = useExample();
  const words = language === "all" ? undefined : step.translations[language];
  const labelOf = ({ label, labels }: Draft["buttons"][number]) =>
    (words && language !== "all" && labels[language]) || label || "…";
  return (
    <Stack gap="xs" className="step-phone">
      <div className="phone" style={{ minHeight: 180 }}>
        {(words ?? step).objects.map(({ key, messageType, contents }) => (
          <Bubble key={key} message={example(messageOf(messageType, contentOf(messageType, contents)))} />
        ))}
        {step.asks && (
          <Bubble
            message={example({
              type: "template",
              template: {
                text: words?.question || step.question,
                actions: step.buttons.map((b) => ({
                  type: b.picker.mode === "" ? "postback" : "datetimepicker",
                  label: labelOf(b),
                })),
              },
            })}
          />
        )}
        <QuickReplies replies={(words ?? step).quickReplies} />
      </div>
    </Stack>
  );
}
