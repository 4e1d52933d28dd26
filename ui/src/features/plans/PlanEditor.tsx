// Writes a care plan: its steps with their triggers and messages, and a phone that shows them.

import {
  ActionIcon,
  Button,
  Card,
  Checkbox,
  Group,
  NativeSelect,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useBlocker, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { flushSync } from "react-dom";
import { commands, LIMITS, type Protocol } from "../../bindings";
import { Loading, Page, Problem } from "../../components/kit";
import { QuickReplyForm } from "../../components/quickReplies";
import { errorsOf, focusField, type Wrong } from "../../components/wrong";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { optionsOf, WHEN_UNREACHABLE } from "../../labels";
import { useAct } from "../../lib/live";
import type { ProblemError } from "../../lib/transport";
import { useGetProtocol } from "../../queries";
import { CheckWithLine } from "./CheckWithLine";
import { LanguageChoice, TranslationForm, WrongLanguages } from "./LanguageForm";
import { ObjectsForm } from "./ObjectsForm";
import { languageOfField, wrongInPlan } from "./places";
import { QuestionForm } from "./QuestionForm";
import { StepPreview } from "./StepPreview";
import {
  type Draft,
  type Form,
  inputOf,
  languagesOf,
  newStep,
  type PlanDraft,
  planDraftOf,
  planOf,
  type Shown,
} from "./steps";
import { TriggerForm } from "./TriggerForm";
import { wrongTrigger } from "./triggers";

export const NewPlanScreen = () => <PlanEditor />;

export function EditPlanScreen() {
  const { id } = useParams({ from: "/plans/$id/edit" });
  return <PlanEditor key={id} id={id} />;
}

function PlanEditor({ id }: { id?: string }) {
  const plan = useGetProtocol({ id: id ?? "" }, { enabled: id !== undefined });
  if (plan.error) return <Problem error={plan.error} />;
  if (id && !plan.data) return <Loading rows={6} />;
  return <Editor plan={plan.data} />;
}

function Editor({ plan }: { plan?: Protocol }) {
  const { t, tell } = useWords();
  const navigate = useNavigate();
  // What the form was filled from: who saves over a later change is told.
  const [seen] = useState(plan?.updatedAt);
  const form = useForm<PlanDraft>({
    initialValues: planDraftOf(plan),
    validate: ({ name, steps }) => ({
      ...(name.trim() === "" && { name: t("Write a name.") }),
      ...wrongTriggers(steps, t),
    }),
  });
  useBlocker({
    shouldBlockFn: () => form.isDirty() && !window.confirm(t("Leave without saving?")),
    enableBeforeUnload: () => form.isDirty(),
  });
  const save = useAct(
    (draft: PlanDraft) => {
      const body = planOf(draft);
      return plan
        ? commands.updateProtocol({ id: plan.id, unchangedSince: seen, ...body })
        : commands.createProtocol(body);
    },
    ({ id }) => {
      form.resetDirty();
      // After the blocker has seen that there is nothing left to lose.
      setTimeout(() => navigate({ to: "/plans/$id", params: { id } }));
    },
  );
  const [refused, setRefused] = useState<ProblemError | null>(null);
  const [wrong, setWrong] = useState<Wrong[]>([]);
  const showRefused = (error: ProblemError | null) => {
    const found = wrongInPlan(error?.problem.errors, form.values.steps, t, tell);
    setRefused(error);
    setWrong(found);
    form.setErrors(errorsOf(found));
  };
  const { shownIn, show, goTo } = useShown(form);
  return (
    <form
      onSubmit={form.onSubmit(
        (draft) => save.mutate(draft, { onSettled: (_, error) => showRefused(error) }),
        (errors) => goTo(Object.keys(errors)[0] ?? ""),
      )}
    >
      <Page
        title={plan ? t("Edit care plan") : t("New care plan")}
        actions={
          <>
            <CheckWithLine steps={() => form.values.steps.map(inputOf)} onAnswer={showRefused} />
            <Button type="submit" loading={save.isPending}>
              {plan?.published ? t("Save as new version") : t("Save draft")}
            </Button>
          </>
        }
      >
        <Problem error={refused} wrong={wrong} onGo={goTo} />
        <TextInput label={t("Name of the care plan")} withAsterisk {...form.getInputProps("name")} />
        <Textarea label={t("What it is for")} autosize {...form.getInputProps("description")} />
        <NativeSelect
          label={t("While the patient cannot be reached")}
          description={t(
            "Blocked, or not linked. What waits goes out when the patient is back, unless it is too old.",
          )}
          {...form.getInputProps("whenUnreachable")}
          data={optionsOf(WHEN_UNREACHABLE, t)}
        />
        <Group grow align="flex-start">
          <TextInput
            label={t("Name of the sender")}
            description={t("Stands above each message in place of the account's name, such as Nurse Nok.")}
            {...form.getInputProps("sender.name")}
          />
          <TextInput
            label={t("Picture of the sender")}
            description={t("A public address of a PNG.")}
            placeholder="https://"
            {...form.getInputProps("sender.iconUrl")}
          />
        </Group>
        {form.values.steps.map((step, n) => (
          <StepForm
            key={step.key}
            form={form}
            n={n}
            step={step}
            language={shownIn(step)}
            choose={(language) => show(step, language)}
          />
        ))}
        <Button
          variant="light"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => form.insertListItem("steps", newStep())}
          disabled={form.values.steps.length >= LIMITS.CreateProtocol.steps.maxItems}
        >
          {t("Add step")}
        </Button>
      </Page>
    </form>
  );
}

/** What is wrong with the triggers before the core is asked, by the fields of the form. */
function wrongTriggers(steps: Draft[], t: Translate): Record<string, string> {
  const found = steps.flatMap(({ way, triggers }, n) =>
    Object.entries(wrongTrigger(way, triggers)).flatMap(([name, words]) =>
      words ? [[`steps.${n}.triggers.${way}.${name}`, t(words)]] : [],
    ),
  );
  return Object.fromEntries(found);
}

/** In which language each step is shown; who goes to a field is shown the language it is in. */
function useShown(form: Form) {
  const [shown, setShown] = useState<Record<string, Shown>>({});
  const show = (step: Draft, language: Shown) => setShown((was) => ({ ...was, [step.key]: language }));
  const goTo = (field: string) => {
    const step = form.values.steps[Number(/^steps\.(\d+)\./.exec(field)?.[1])];
    // The field is there only once its language is.
    if (step) flushSync(() => show(step, languageOfField(field) ?? "all"));
    focusField(field);
  };
  return { shownIn: (step: Draft) => shown[step.key] ?? "all", show, goTo };
}

type OfStep = { form: Form; n: number; step: Draft; language: Shown; choose: (language: Shown) => void };

function StepForm({ form, n, step, language, choose }: OfStep) {
  const { t } = useWords();
  const path = `steps.${n}`;
  const last = form.values.steps.length - 1;
  return (
    <Card component="section" aria-label={t("Step {n}", { n: n + 1 })}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h5">
            {t("Step {n}", { n: n + 1 })}
          </Title>
          <Group gap={4}>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={t("Move up")}
              disabled={n === 0}
              onClick={() => form.reorderListItem("steps", { from: n, to: n - 1 })}
            >
              <IconArrowUp size={18} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={t("Move down")}
              disabled={n === last}
              onClick={() => form.reorderListItem("steps", { from: n, to: n + 1 })}
            >
              <IconArrowDown size={18} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={t("Remove step")}
              disabled={last === 0}
              onClick={() => form.removeListItem("steps", n)}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Group>
        </Group>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Stack gap="sm">
            <TextInput label={t("Name of the step")} {...form.getInputProps(`${path}.name`)} />
            <TriggerForm form={form} path={path} step={step} />
            <LanguageChoice value={language} onChoose={choose} written={languagesOf(step.translations)} />
            <WrongLanguages form={form} path={path} />
            {language === "all" ? (
              <MessagesForm form={form} path={path} step={step} />
            ) : (
              <TranslationForm form={form} path={path} step={step} language={language} />
            )}
          </Stack>
          <StepPreview step={step} language={language} />
        </SimpleGrid>
      </Stack>
    </Card>
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
