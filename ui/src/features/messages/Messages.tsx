import { Group, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Choice, Page } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { namesOf, STAGES } from "../../labels";
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
          onChange={(value) => navigate({ search: (before) => ({ ...before, stage: value }) })}
          data={namesOf(STAGES).map((value) => ({ value, label: t(STAGES[value]) }))}
        />
        {stage !== "coming" && <Days />}
      </Group>
      {stage === "coming" ? <ComingUpList /> : <MessageTable stage={stage} />}
    </Page>
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
