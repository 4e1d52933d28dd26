import { Alert, Anchor, Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { commands, type Protocol, type ProtocolAction, type Step } from "../../bindings";
import { Bubble, messageOf, questionOf } from "../../components/Bubble";
import { DemoBadge, Page, Problem } from "../../components/kit";
import { useMay } from "../../components/may";
import { QuickReplies } from "../../components/quickReplies";
import { Unread } from "../../components/Unread";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { AT_NIGHT, namesOf } from "../../labels";
import { lastError, useAct } from "../../lib/live";
import type { Operation } from "../../lib/roles";
import { useGetProtocol } from "../../queries";
import { useExample } from "../../shared/variables";
import { LanguageChoice } from "./LanguageChoice";
import { PlanBadge } from "./PlanCard";
import { lengthInWords } from "./PlanLength";
import { PlanUse } from "./PlanUse";
import { pickerInWords } from "./pickerInWords";
import { wrongInPlan } from "./places";
import { BringBackPlan, DuplicatePlan, ExportPlan, useArchive } from "./planActs";
import { saidIn } from "./saidIn";
import { languagesOf, planDraftOf, type Shown } from "./steps";
import { triggerInWords } from "./triggers";
import { Versions } from "./Versions";

export function PlanScreen() {
  const { id } = useParams({ from: "/plans/$id" });
  return <Plan key={id} id={id} />;
}

/** One care plan with its steps as patients will see them. */
function Plan({ id }: { id: string }) {
  const { t } = useWords();
  const plan = useGetProtocol({ id });
  if (!plan.data) return <Unread read={plan} list="/plans" />;
  const p = plan.data;
  return (
    <Page title={p.name} actions={<Actions plan={p} />}>
      <Anchor component={Link} to="/plans" size="sm" className="back">
        ← {t("Care plans")}
      </Anchor>
      <Group gap="xs">
        <PlanBadge status={p.status} />
        <DemoBadge demo={p.demo} />
        <PlanUse id={p.id} steps={p.steps.length} running={p.activeAssignments} version={p.version} />
        <Text size="sm" c="dimmed">
          {lengthInWords(p.steps, t)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {p.lineCheckedAt ? t("Checked by LINE") : t("Not yet checked by LINE")}
      </Text>
      {p.description && <Text>{p.description}</Text>}
      {p.sender?.name && (
        <Text size="sm" c="dimmed">
          {t("Sent in the name of {name}", { name: p.sender.name })}
        </Text>
      )}
      {p.actions.includes("assign") && p.actions.includes("activate") && (
        <Alert color="blue">
          {t("Version {version} is a draft; new follow-ups use the one before until you activate it.", {
            version: p.version,
          })}
        </Alert>
      )}
      <Stack component="ol" gap="md" style={{ listStyle: "none", padding: 0, margin: 0 }}>
        {p.steps.map((step) => (
          <StepCard key={step.id} step={step} />
        ))}
      </Stack>
      {p.version > 1 && <Versions plan={p} />}
    </Page>
  );
}

const ASKS: Record<ProtocolAction, Operation> = {
  edit: "update_protocol",
  activate: "activate_protocol",
  assign: "create_assignment",
  archive: "archive_protocol",
  bringBack: "bring_back_protocol",
};

function Actions({ plan }: { plan: Protocol }) {
  const { t, tell } = useWords();
  const isAllowed = useMay();
  const can = (action: ProtocolAction) => plan.actions.includes(action) && isAllowed(ASKS[action]);
  const activate = useAct(commands.activateProtocol, () =>
    notifications.show({ color: "teal", message: t("The care plan can be used now.") }),
  );
  const { ask: askToArchive, act: archive } = useArchive(plan);
  const error = lastError(activate, archive);
  return (
    <>
      {can("edit") && (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/plans/$id/edit" params={{ id: plan.id }} {...props} />}
        >
          {t("Edit")}
        </Button>
      )}
      <DuplicatePlan plan={plan} size="sm" />
      <ExportPlan plan={plan} size="sm" />
      <BringBackPlan plan={plan} size="sm" />
      {can("archive") && (
        <Button variant="default" loading={archive.isPending} onClick={askToArchive}>
          {t("Archive")}
        </Button>
      )}
      {can("activate") && (
        <Button loading={activate.isPending} onClick={() => activate.mutate({ id: plan.id })}>
          {t("Activate")}
        </Button>
      )}
      <Problem error={error} wrong={wrongInPlan(error?.problem.errors, planDraftOf(plan).steps, t, tell)} />
    </>
  );
}

function StepCard({ step }: { step: Step }) {
  const words = useWords();
  const { t } = words;
  return (
    <Card component="li">
      <Group justify="space-between" align="flex-start" wrap="wrap">
        <Stack gap={4} flex={1} miw="min(240px, 100%)">
          <Title order={2} size="h5">
            {step.stepOrder}. {step.name || t("Message")}
          </Title>
          <Text>{triggerInWords(step.trigger, words)}</Text>
          {step.freshnessHours !== null && (
            <Text size="sm" c="dimmed">
              {t("May be sent up to {hours} h late; after that you decide.", { hours: step.freshnessHours })}
            </Text>
          )}
          <StepMarks step={step} />
        </Stack>
        <StepPhone step={step} />
      </Group>
    </Card>
  );
}

/** The messages of a step as a phone shows them, in each language that has a text of its own. */
function StepPhone({ step }: { step: Step }) {
  const example = useExample();
  const { language = "all" } = useSearch({ from: "/plans/$id" });
  const navigate = useNavigate({ from: "/plans/$id" });
  const written = languagesOf(step.translations);
  // A step without a text in that language shows the text that goes to all.
  const shown = written.find((one) => one === language) ?? "all";
  const said = saidIn(step, shown);
  const choose = (to: Shown) => navigate({ search: { language: to === "all" ? undefined : to } });
  const { feedback } = said;
  return (
    <Stack gap="xs" className="plan-phone">
      {written.length > 0 && <LanguageChoice value={shown} onChoose={choose} written={written} only />}
      <div className="phone" lang={shown === "all" ? undefined : shown}>
        {[said, ...said.furtherMessages].map((one, n) => (
          // Objects have no identity but their place.
          <Bubble key={n} message={example(messageOf(one.messageType, one.content))} />
        ))}
        {feedback && (
          <Bubble
            message={example(
              questionOf({
                question: feedback.question,
                buttons: feedback.buttons.map(({ label, picker }) => ({ label, picks: !!picker })),
              }),
            )}
          />
        )}
        <QuickReplies replies={example(said.quickReplies)} />
      </div>
    </Stack>
  );
}

/** What is special about a step, by its members; what stands elsewhere in its card has no mark. */
const MARKS: Record<keyof Step, ((step: Step, t: Translate) => ReactNode) | null> = {
  id: null,
  stepOrder: null,
  name: null,
  trigger: null,
  messageType: null,
  content: null,
  furtherMessages: null,
  quickReplies: null,
  translations: null,
  freshnessHours: null,
  // Has no field: only a program enters it.
  priority: null,
  requiresFeedback: ({ requiresFeedback }, t) =>
    requiresFeedback && (
      <Badge variant="light" w="fit-content">
        {t("Asks for an answer")}
      </Badge>
    ),
  feedback: ({ feedback }, t) =>
    feedback?.buttons.map(
      ({ label, picker }) =>
        picker && (
          <Text key={label} size="sm" c="dimmed">
            {pickerInWords({ label, picker }, t)}
          </Text>
        ),
    ),
  silent: ({ silent }, t) =>
    silent && (
      <Badge variant="light" color="gray" w="fit-content">
        {t("Arrives without a sound")}
      </Badge>
    ),
  atNight: ({ atNight }, t) =>
    atNight && (
      <Badge variant="light" color="gray" w="fit-content">
        {t("In quiet hours: {what}", { what: t(AT_NIGHT[atNight]) })}
      </Badge>
    ),
  pressCallsStaff: ({ pressCallsStaff }, t) =>
    pressCallsStaff && (
      <Badge variant="light" color="blue" w="fit-content">
        {t("A press calls staff")}
      </Badge>
    ),
};

function StepMarks({ step }: { step: Step }) {
  const { t } = useWords();
  return namesOf(MARKS).map((member) => <Fragment key={member}>{MARKS[member]?.(step, t)}</Fragment>);
}
