// Writes a care plan: its steps with their triggers and messages, and a phone that shows them.

import { Alert, Button, Group, Stack, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import { flushSync } from "react-dom";
import { commands, LIMITS, type Protocol } from "../../bindings";
import { Page, Problem } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { SaveBar } from "../../components/SaveBar";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import type { ProblemError } from "../../lib/transport";
import { AboutForm } from "./AboutForm";
import { useCheckWithLine } from "./CheckWithLine";
import { useToDay } from "./carry";
import { byDay, dayInWords, dayOfStep, isOutOfOrder } from "./days";
import { dropSide, useDrag } from "./drag";
import { useListForm } from "./listForm";
import { PreviewReader } from "./preview";
import { Ruler } from "./Ruler";
import { StepCard } from "./StepCard";
import { type StepForm, useSteady } from "./steady";
import { type Draft, type Form, newStep, type PlanDraft, planDraftOf, planOf } from "./steps";
import { focusStep, type StepView, useStepView, wrongFields } from "./stepView";
import { wrongTrigger } from "./triggers";
import { WhatGoesOut } from "./WhatGoesOut";
import type { PlanWritten } from "./written";

// A hundred sentences, and the names of all fields: they are read when something is refused.
const RefusedPlan = onDemand(async () => (await import("./RefusedPlan")).RefusedPlan);

/** What a new plan begins with, and where that comes from. */
type Start = { plan: PlanWritten; from: "example" | "copy" | "file" };

export function Editor({ plan, start }: { plan?: Protocol; start?: Start }) {
  const { t } = useWords();
  const [initialValues] = useState(() => planDraftOf(plan ?? start?.plan));
  const form = useListForm<PlanDraft>({
    initialValues,
    validate: ({ name, steps }) => ({
      ...(name.trim() === "" && { name: t("Write a name.") }),
      ...wrongTriggers(steps, t),
    }),
  });
  useGuard(form.isDirty);
  const { refused, showRefused } = useRefused(form);
  const save = useSave(form, plan);
  const { steps, about, wrong: wrongInSteps, wrongAbout, write, stepsNow } = useSteady(form);
  const view = useStepView(steps, stepsNow);
  const toDay = useToDay(write, stepsNow);
  const check = useCheckWithLine({ steps, atOnce: start?.from === "file", onAnswer: showRefused });
  return (
    <form
      onSubmit={form.onSubmit(
        (draft) => save.mutate(draft, { onSettled: (_, error) => showRefused(error) }),
        (errors) => view.acts.goTo(wrongFields(errors)[0] ?? ""),
      )}
    >
      <Page title={plan ? t("Edit care plan") : t("New care plan")}>
        {start && <Notice from={start.from} />}
        {refused && <ShowRefused refused={refused} form={form} onGo={view.acts.goTo} />}
        <AboutForm about={about} wrong={wrongAbout} write={write} />
        <div className="plan-steps">
          <Ruler steps={steps} wrong={wrongInSteps} view={view} toDay={toDay} />
          <PreviewReader>
            <Stack>
              <Steps
                steps={steps}
                wrong={wrongInSteps}
                write={write}
                view={view}
                sender={form.values.sender.name}
              />
              <WhatGoesOut steps={steps} acts={view.acts} />
            </Stack>
          </PreviewReader>
        </div>
        <SaveBar
          said={check.said}
          state={form.isDirty() ? "changed" : plan ? "saved" : "new"}
          wrong={wrongFields(form.errors)}
          onGo={view.acts.goTo}
          save={plan?.published ? t("Save as new version") : t("Save draft")}
          isSaving={save.isPending}
        >
          {check.button}
        </SaveBar>
      </Page>
    </form>
  );
}

/** Nobody leaves by mistake what is not saved. */
function useGuard(isDirty: () => boolean) {
  const { t } = useWords();
  useBlocker({
    shouldBlockFn: () => isDirty() && !window.confirm(t("Leave without saving?")),
    enableBeforeUnload: isDirty,
  });
}

/** What is to be known of a plan that somebody else wrote. */
function Notice({ from }: { from: Start["from"] }) {
  const { t } = useWords();
  if (from === "copy") return null;
  return from === "example" ? (
    <Alert color="orange" title={t("Example: have a clinician check")}>
      {t("Read every text and every time before patients get them. Nothing is saved yet.")}
    </Alert>
  ) : (
    <Alert color="blue">{t("Read from a file. Look at each step; nothing is saved yet.")}</Alert>
  );
}

function useSave(form: Form, plan?: Protocol) {
  const navigate = useNavigate();
  // What the form was filled from: who saves over a later change is told.
  const [seen] = useState(plan?.updatedAt);
  return useAct(
    (draft: PlanDraft) => {
      const body = planOf(draft);
      return plan
        ? commands.updateProtocol({ id: plan.id, unchangedSince: seen, ...body })
        : commands.createProtocol(body);
    },
    ({ id }) => {
      form.resetDirty();
      // After the blocker has seen that there is nothing left to lose.
      // Back leads past a plan that is no longer new: nobody saves it twice.
      setTimeout(() => navigate({ to: "/plans/$id", params: { id }, replace: plan === undefined }));
    },
  );
}

type Refused = { error: ProblemError; steps: Draft[]; nth: number };

/** What the core refused last. What is wrong with a field stands there once its words were read. */
function useRefused(form: Form) {
  const [refused, setRefused] = useState<Refused | null>(null);
  const showRefused = (error: ProblemError | null) => {
    form.setErrors({});
    setRefused((was) => error && { error, steps: form.values.steps, nth: (was?.nth ?? 0) + 1 });
  };
  return { refused, showRefused };
}

type ShownRefused = { refused: Refused; form: Form; onGo: (field: string) => void };

function ShowRefused({ refused: { error, steps, nth }, form, onGo }: ShownRefused) {
  if (!error.problem.errors?.length) return <Problem error={error} />;
  return (
    <Awaited key={nth} instead={<Problem error={error} wrong={[]} />}>
      <RefusedPlan error={error} steps={steps} onNamed={form.setErrors} onGo={onGo} />
    </Awaited>
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

type StepsProps = {
  steps: Draft[];
  /** What is to be mended in each of them. */
  wrong: StepForm["errors"][];
  write: Omit<StepForm, "errors">;
  view: StepView;
  sender: string;
};

/** The cards of the steps, under the day on which each begins. */
function Steps({ steps, wrong, write, view, sender }: StepsProps) {
  const { t } = useWords();
  const drag = useDrag((from, to) => write.reorderListItem("steps", { from, to }));
  const add = () => {
    const step = newStep();
    flushSync(() => write.insertListItem("steps", step));
    focusStep(step);
  };
  return (
    <Stack>
      {steps.map((step, n) => {
        const day = dayOfStep(step);
        const before = steps[n - 1];
        return (
          <Fragment key={step.key}>
            {(!before || dayOfStep(before) !== day) && (
              <Title order={2} size="h5">
                {dayInWords(day, t)}
              </Title>
            )}
            <StepCard
              write={write}
              acts={view.acts}
              n={n}
              step={step}
              of={steps.length}
              wrong={wrong[n] ?? NOTHING_WRONG}
              sender={sender}
              language={view.shownIn(step)}
              isFolded={view.isFolded(step)}
              isDrawn={view.isDrawn(step)}
              handle={drag.handle}
              drop={dropSide(drag, n, steps.length)}
              dragged={drag.dragged?.key}
            />
          </Fragment>
        );
      })}
      <Group>
        <Button
          variant="light"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={add}
          disabled={steps.length >= LIMITS.CreateProtocol.steps.maxItems}
        >
          {t("Add step")}
        </Button>
        {isOutOfOrder(steps) && (
          <Button variant="default" onClick={() => write.setFieldValue("steps", byDay(steps))}>
            {t("Put the steps in the order of their days")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const NOTHING_WRONG: StepForm["errors"] = {};
