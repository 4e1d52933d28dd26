// A step that is planned: its words as they will come, and what may be done before they do.

import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCalendarTime } from "@tabler/icons-react";
import { commands, type Patient, type PlannedMessage } from "../../bindings";
import { useNow } from "../../components/clinic";
import { Problem } from "../../components/kit";
import { MessageBubbles } from "../../components/MessageBubbles";
import { TimeButton, useMoveToNow } from "../../components/MoveMessage";
import { May } from "../../components/may";
import { useExample } from "../../components/variables";
import { useShowUndo } from "../../components/wayBack";
import { useWords } from "../../i18n/useWords";
import { STEP_ACTIONS } from "../../labels";
import { relative } from "../../lib/format";
import { lastError, useAct } from "../../lib/live";
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
      <Acts step={step} name={name} patient={patient} onGone={onGone} />
    </Row>
  );
}

type Acted = Omit<Shown, "zone"> & { name: string };

function Acts({ step: { assignmentId: id, stepId, occurrence, dueAt }, name, patient, onGone }: Acted) {
  const { t } = useWords();
  const which = { id, stepId, occurrence };
  const move = (at: string) => commands.moveStep({ ...which, at });
  const showUndo = useShowUndo();
  const skip = useAct(
    () => commands.skipStep(which),
    ({ status }) => {
      onGone();
      const text = t("“{step}” is left out.", { step: name });
      // Nothing is ahead of a follow-up that this has completed: there is no way back.
      if (status === "active") showUndo(text, () => commands.bringBackStep(which));
      else notifications.show({ message: `${text} ${t("Nothing more comes: the follow-up is completed.")}` });
    },
  );
  const send = useMoveToNow({ patientId: patient.id, dueAt, move }, onGone);
  return (
    <>
      <Group gap="xs" className="chat-state" role="group" aria-label={name}>
        <May ask="skip_step">
          <Button
            size="compact-xs"
            variant="default"
            loading={skip.isPending}
            onClick={() => skip.mutate(undefined)}
          >
            {t(STEP_ACTIONS.skip)}
          </Button>
        </May>
        <May ask="move_step">
          <Button
            size="compact-xs"
            variant="default"
            loading={send.isPending}
            onClick={() => send.mutate({})}
          >
            {t(STEP_ACTIONS.sendNow)}
          </Button>
          <TimeButton size="compact-xs" patientId={patient.id} dueAt={dueAt} move={move} />
        </May>
      </Group>
      <Problem error={lastError(skip, send)} />
    </>
  );
}
