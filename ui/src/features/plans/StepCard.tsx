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
import { type KeyboardEvent, memo, useDeferredValue, useMemo } from "react";
import { flushSync } from "react-dom";
import { LIMITS } from "../../bindings";
import { gist } from "../../components/Bubble";
import { Loading } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { showUndo } from "../../components/undo";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { movesBy } from "../../lib/keys";
import { useSteadily } from "../../lib/steadily";
import { QuickReplyForm } from "../../shared/QuickReplyForm";
import { contentOf } from "./contents";
import type { DragHandle, dropSide } from "./drag";
import { LanguageChoice } from "./LanguageChoice";
import { ObjectsForm } from "./ObjectsForm";
import { QuestionForm } from "./QuestionForm";
import { StepPreview } from "./StepPreview";
import { drawnFrom, type StepForm } from "./steady";
import { copyOf, type Draft, languagesOf, type Shown } from "./steps";
import { focusStep, type StepActs } from "./stepView";
import { TriggerForm } from "./TriggerForm";
import { triggerInWords, triggerOf } from "./triggers";
import { WrongLanguages } from "./WrongLanguages";

// Most steps say the same to all: the form of a language is read when one is chosen.
const TranslationForm = onDemand(async () => (await import("./LanguageForm")).TranslationForm);

type OfStep = { form: StepForm; acts: StepActs; n: number; step: Draft };
type CardProps = Omit<OfStep, "form"> & {
  write: Omit<StepForm, "errors">;
  /** What is to be mended in it. */
  wrong: StepForm["errors"];
  /** How many steps there are. */
  of: number;
  /** Whose name its messages bear. */
  sender: string;
  language: Shown;
  isFolded: boolean;
  isDrawn: boolean;
  handle: DragHandle;
  drop: ReturnType<typeof dropSide>;
  /** The key of the step that is dragged. */
  dragged: string | undefined;
};

/** A card is drawn anew when something in it changes: a key press draws one. */
export const StepCard = memo(function StepCard(props: CardProps) {
  const { write, wrong, acts, n, step, of, isFolded, isDrawn, handle, drop, dragged } = props;
  const { t } = useWords();
  const form = useMemo(() => ({ ...write, errors: wrong }), [write, wrong]);
  const move = useSteadily(useMove(form, n, of, step));
  const stepNow = useSteadily(() => step);
  const isShut = isFolded || !isDrawn;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = movesBy(event);
    if (by === null) return;
    event.preventDefault();
    move(by);
  };
  return (
    <Card
      component="section"
      aria-label={t("Step {n}", { n: n + 1 })}
      aria-busy={isShut && !isFolded}
      data-step={step.key}
      data-drop={drop}
      data-dragged={dragged === step.key || undefined}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <Stack>
        <Group justify="space-between" align="flex-start" gap="xs">
          {/* For the pointer alone: the buttons beside it do the same for everybody. */}
          <Box component="span" className="grip" aria-hidden {...handle(step.key, n)}>
            <IconGripVertical size={20} />
          </Box>
          <Title order={3} size="h5" flex="1 1 160px" style={{ overflowWrap: "anywhere" }}>
            {step.name.trim() ? t("{n}. {name}", { n: n + 1, name: step.name }) : t("Step {n}", { n: n + 1 })}
          </Title>
          <Acts form={form} acts={acts} n={n} stepNow={stepNow} of={of} isFolded={isFolded} move={move} />
        </Group>
        {(isShut || dragged !== undefined) && <Folded step={step} />}
        {!isShut && <Body {...props} form={form} />}
      </Stack>
    </Card>
  );
});

/** Moves a step up or down; the cursor goes with it. */
function useMove(form: StepForm, n: number, of: number, step: Draft) {
  return (by: number) => {
    const to = n + by;
    if (to < 0 || to >= of) return;
    const act = by < 0 ? "up" : "down";
    const wasOnCard = document.activeElement?.hasAttribute("data-act") ?? false;
    const field = document.activeElement;
    flushSync(() => form.reorderListItem("steps", { from: n, to }));
    if (wasOnCard || !(field instanceof HTMLElement)) focusStep(step, act);
    else field.focus();
  };
}

type ActsProps = Omit<OfStep, "step"> & {
  stepNow: () => Draft;
  of: number;
  isFolded: boolean;
  move: (by: number) => void;
};

const Acts = memo(function Acts({ form, acts, n, stepNow, of, isFolded, move }: ActsProps) {
  const { t } = useWords();
  const last = of - 1;
  const duplicate = () => {
    const copy = copyOf(stepNow());
    flushSync(() => form.insertListItem("steps", copy, n + 1));
    focusStep(copy);
  };
  const remove = () => {
    const step = stepNow();
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
        acts.fold(stepNow(), !isFolded),
      )}
    </Group>
  );
});

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

function Body({ form, acts, n, step, language, sender, dragged }: CardProps & { form: StepForm }) {
  const { t } = useWords();
  const path = `steps.${n}`;
  return (
    // While cards are dragged all are low, so that there is less of a way to go.
    <Box className="step-body" hidden={dragged !== undefined}>
      <Stack gap="sm">
        <TextInput label={t("Name of the step")} {...form.getInputProps(`${path}.name`)} />
        <TriggerForm form={form} path={path} step={step} />
        <LanguageChoice
          value={language}
          onChoose={(chosen) => acts.show(step, chosen)}
          written={languagesOf(step.translations)}
        />
        <WrongLanguages form={form} path={path} />
        {language === "all" ? (
          <MessagesForm form={form} path={path} step={step} />
        ) : (
          <Awaited waiting={<Loading rows={step.translations[language] ? 6 : 2} />}>
            <TranslationForm form={form} path={path} step={step} language={language} />
          </Awaited>
        )}
      </Stack>
      <Phone step={step} language={language} sender={sender} />
    </Box>
  );
}

/** What it shows may come a moment after the key that wrote it. */
function Phone({ step, language, sender }: Pick<CardProps, "step" | "language" | "sender">) {
  return <StepPreview step={useDeferredValue(step)} language={language} sender={sender} />;
}

/** What goes to all who have no text of their own, and what holds for every language. */
function MessagesForm({ form, path, step }: Pick<OfStep, "form" | "step"> & { path: string }) {
  const { t } = useWords();
  return (
    <>
      <ObjectsForm form={form} path={path} step={step} />
      <Checkbox
        label={t("Arrives without a sound")}
        {...form.getInputProps(`${path}.silent`, { type: "checkbox" })}
      />
      <QuestionForm form={form} path={path} step={step} />
      <Replies form={form} path={path} step={step} />
    </>
  );
}

type OfReplies = { form: StepForm; path: string; step: Pick<Draft, "quickReplies"> };

const Replies = memo(function Replies({ form, path, step }: OfReplies) {
  return (
    <QuickReplyForm
      place="step"
      path={`${path}.quickReplies`}
      replies={step.quickReplies}
      onChange={(replies) => form.setFieldValue(`${path}.quickReplies`, replies)}
      error={form.errors[`${path}.quickReplies`]}
    />
  );
}, drawnFrom<OfReplies>("quickReplies"));
