import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type Cause, STATE_GROUPS } from "../../bindings";
import { Choice } from "../../components/Choice";
import { Page } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { CAUSES, namesOf, STAGES } from "../../labels";
import { ComingUpList } from "./ComingUp";
import { MessageTable } from "./MessageTable";

/** Every message: what comes, what is held and why, what was sent, what failed. */
export function Messages() {
  const { t } = useWords();
  const { stage = "coming" } = useSearch({ from: "/messages" });
  const navigate = useNavigate({ from: "/messages" });
  return (
    <Page title={t("Messages")}>
      <Group justify="space-between" align="flex-end">
        <Choice
          label={t("Which")}
          value={stage}
          onChange={(value) => navigate({ search: ({ from, to }) => ({ stage: value, from, to }) })}
          data={namesOf(STAGES).map((value) => ({ value, label: t(STAGES[value]) }))}
        />
        {stage !== "coming" && (
          <Group gap="xs" align="flex-end">
            {(stage === "held" || stage === "failed") && <Why stage={stage} />}
            <Days />
          </Group>
        )}
      </Group>
      {stage === "coming" ? <ComingUpList /> : <MessageTable stage={stage} />}
    </Page>
  );
}

/** For which cause they wait or failed. */
function Why({ stage }: { stage: "held" | "failed" }) {
  const { t } = useWords();
  const { cause = "" } = useSearch({ from: "/messages" });
  const navigate = useNavigate({ from: "/messages" });
  const choose = (value: string) =>
    navigate({ search: (was) => ({ ...was, cause: namesOf(CAUSES).find((name) => name === value) }) });
  // Messages wait for fewer causes than they fail for.
  const holding: readonly Cause[] = STATE_GROUPS.holding;
  const names = namesOf(CAUSES).filter(
    (name) => name === cause || stage === "failed" || holding.includes(name),
  );
  return (
    <NativeSelect
      label={t("Why")}
      maw={320}
      value={cause}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[
        { value: "", label: t("All reasons") },
        ...names.map((value) => ({ value, label: t(CAUSES[value].label) })),
      ]}
    />
  );
}

/** Which days they were due on. */
function Days() {
  const { t } = useWords();
  const { from = "", to = "" } = useSearch({ from: "/messages" });
  const navigate = useNavigate({ from: "/messages" });
  const set = (which: "from" | "to") => (event: { currentTarget: { value: string } }) => {
    const value = event.currentTarget.value || undefined;
    navigate({ search: (before) => ({ ...before, [which]: value }), replace: true });
  };
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        type="date"
        label={t("Due from")}
        value={from}
        max={to || undefined}
        onChange={set("from")}
      />
      <TextInput type="date" label={t("Due until")} value={to} min={from || undefined} onChange={set("to")} />
    </Group>
  );
}
