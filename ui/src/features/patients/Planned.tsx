// A step that is planned: its words as they will come, and what may be done before they do.

import { Text } from "@mantine/core";
import { IconCalendarTime } from "@tabler/icons-react";
import type { Patient, PlannedMessage } from "../../bindings";
import { useNow } from "../../components/clinic";
import { MessageBubbles } from "../../components/MessageBubbles";
import { useWords } from "../../i18n/useWords";
import { relative } from "../../lib/format";
import { StepButtons } from "../../shared/StepActs";
import { useExample } from "../../shared/variables";
import { Row, RowTime } from "./Row";

type Shown = { step: PlannedMessage; patient: Patient; zone?: string; onGone: () => void };

export function Planned({ step, patient, zone, onGone }: Shown) {
  const { t, locale } = useWords();
  const now = useNow();
  const example = useExample(patient, step.localTime.slice(0, 10));
  const name = step.stepName || t("Step {n}", { n: step.stepOrder });
  const { messageType, content, furtherMessages, feedback, quickReplies } = step;
  const words = example({ messageType, content, furtherMessages, feedback, quickReplies, answers: [] });
  return (
    <Row id={`${step.assignmentId}-${step.stepId}-${step.occurrence}`} side="clinic">
      <Text size="xs" c="dimmed" className="planned-name">
        <IconCalendarTime size={14} aria-hidden className="inline-icon" /> <b>{name}</b> · {step.protocolName}
      </Text>
      <div className="planned">
        <MessageBubbles message={words} lang={patient.language} />
      </div>
      <Text size="xs" c="dimmed" component="div">
        <RowTime at={step.dueAt} zone={zone} /> · {relative(step.dueAt, now, locale)}
      </Text>
      <StepButtons step={{ ...step, name, patientId: patient.id }} onGone={onGone} />
    </Row>
  );
}
