// One step of the editor: its name, when it comes, what it says, and the phone beside it.

import { ActionIcon, Box, Card, Checkbox, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
  IconCopy,
  IconGripVertical,
  IconTrash,
  type TablerIcon,
} from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { LIMITS } from "../../bindings";
import { gist } from "../../components/Bubble";
import { QuickReplyForm } from "../../components/quickReplies";
import { showUndo } from "../../components/undo";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { contentOf } from "./contents";
import { type Drag, dropSide } from "./drag";
import { LanguageChoice, TranslationForm, WrongLanguages } from "./LanguageForm";
import { ObjectsForm } from "./ObjectsForm";
import { QuestionForm } from "./QuestionForm";
import { StepPreview } from "./StepPreview";
import { copyOf, type Draft, type Form, languagesOf } from "./steps";
import { focusStep, type StepView } from "./stepView";
import { TriggerForm } from "./TriggerForm";
import { triggerInWords, triggerOf } from "./triggers";

type OfStep = { form: Form; view: StepView; n: number; step: Draft };

export function StepCard({ form, view, n, step, drag }: OfStep & { drag: Drag }) {
  const { t } = useWords();
  const move = useMove(form, n, step);
  const isFolded = view.isFolded(step) || drag.dragged !== null;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    move(by);
  };
  return (
    <Card
      component="section"
      aria-label={t("Step {n}", { n: n + 1 })}
      data-step={step.key}
      data-drop={dropSide(drag, n, form.values.steps.length)}
      data-dragged={drag.dragged?.key === step.key || undefined}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <Stack>
        <Group justify="space-between" align="flex-start" gap="xs">
          {/* For the pointer alone: the buttons beside it do the same for everybody. */}
          <Box component="span" className="grip" aria-hidden {...drag.handle(step.key, n)}>
            <IconGripVertical size={20} />
          </Box>
          <Title order={3} size="h5" flex="1 1 160px" style={{ overflowWrap: "anywhere" }}>
            {step.name.trim() ? t("{n}. {name}", { n: n + 1, name: step.name }) : t("Step {n}", { n: n + 1 })}
          </Title>
          <Acts form={form} view={view} n={n} step={step} move={move} />
        </Group>
        {isFolded ? <Folded step={step} /> : <Body form={form} view={view} n={n} step={step} />}
      </Stack>
    </Card>
  );
}

/** Moves a step up or down; the cursor goes with it. */
function useMove(form: Form, n: number, step: Draft) {
  return (by: number) => {
    const to = n + by;
    if (to < 0 || to >= form.values.steps.length) return;
    const act = by < 0 ? "up" : "down";
    const wasOnCard = document.activeElement?.hasAttribute("data-act") ?? false;
    const field = document.activeElement;
    flushSync(() => form.reorderListItem("steps", { from: n, to }));
    if (wasOnCard || !(field instanceof HTMLElement)) focusStep(step, act);
    else field.focus();
  };
}

function Acts({ form, view, n, step, move }: OfStep & { move: (by: number) => void }) {
  const { t } = useWords();
  const last = form.values.steps.length - 1;
  const isFolded = view.isFolded(step);
  const duplicate = () => {
    const copy = copyOf(step);
    flushSync(() => form.insertListItem("steps", copy, n + 1));
    focusStep(copy);
  };
  const remove = () => {
    form.removeListItem("steps", n);
    showUndo(t("Step {n} removed.", { n: n + 1 }), () => form.insertListItem("steps", step, n));
  };
  const act = (name: string, label: Label, Icon: TablerIcon, isOff: boolean, onClick: () => void) => (
    <ActionIcon
      variant="default"
      size="lg"
      data-act={name}
      aria-label={t(label)}
      title={t(label)}
      disabled={isOff}
      onClick={onClick}
    >
      <Icon size={18} aria-hidden />
    </ActionIcon>
  );
  return (
    <Group gap={4} justify="flex-end">
      {act("up", "Move up", IconArrowUp, n === 0, () => move(-1))}
      {act("down", "Move down", IconArrowDown, n === last, () => move(1))}
      {act("copy", "Duplicate step", IconCopy, last + 1 >= LIMITS.CreateProtocol.steps.maxItems, duplicate)}
      {act("remove", "Remove step", IconTrash, last === 0, remove)}
      {act("fold", isFolded ? "Unfold" : "Fold", isFolded ? IconChevronRight : IconChevronDown, false, () =>
        view.fold(step, !isFolded),
      )}
    </Group>
  );
}

/** What there is to know of a folded step. */
function Folded({ step }: { step: Draft }) {
  const words = useWords();
  const said = step.objects.map(({ messageType, contents }) =>
    gist(messageType, contentOf(messageType, contents), words.t),
  );
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {triggerInWords(triggerOf(step.way, step.triggers), words)}
      </Text>
      <Text size="sm" c="dimmed" lineClamp={2}>
        {[...said, step.asks ? step.question : ""].filter(Boolean).join(" · ")}
      </Text>
    </Stack>
  );
}

function Body({ form, view, n, step }: OfStep) {
  const { t } = useWords();
  const path = `steps.${n}`;
  const language = view.shownIn(step);
  return (
    <Box className="step-body">
      <Stack gap="sm">
        <TextInput label={t("Name of the step")} {...form.getInputProps(`${path}.name`)} />
        <TriggerForm form={form} path={path} step={step} />
        <LanguageChoice
          value={language}
          onChoose={(chosen) => view.show(step, chosen)}
          written={languagesOf(step.translations)}
        />
        <WrongLanguages form={form} path={path} />
        {language === "all" ? (
          <MessagesForm form={form} path={path} step={step} />
        ) : (
          <TranslationForm form={form} path={path} step={step} language={language} />
        )}
      </Stack>
      <StepPreview step={step} language={language} sender={form.values.sender.name} />
    </Box>
  );
}

/** What goes to all who have no text of their own, and what holds for every language. */
function MessagesForm({ form, path, step }: { form: Form; path: string; step: Draft }) {
  const { t } = useWords();
  return (
    <>
      <ObjectsForm form={form} path={path} step={step} />
      <Checkbox
        label={t("Arrives without a sound")}
        {...form.getInputProps(`${path}.silent`, { type: "checkbox" })}
      />
      <QuestionForm form={form} path={path} step={step} />
      <QuickReplyForm
        path={`${path}.quickReplies`}
        replies={step.quickReplies}
        onChange={(replies) => form.setFieldValue(`${path}.quickReplies`, replies)}
        error={form.errors[`${path}.quickReplies`]}
      />
    </>
  );
}
