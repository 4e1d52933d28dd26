// A care plan is started for one patient: first which.

import { Anchor, Button, NativeSelect, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Assignment, Patient } from "../../bindings";
import { Loading, Problem } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import { useAllProtocols } from "../../shared/choices";

// Read when a plan is chosen.
const BeginFollowUp = onDemand(async () => (await import("./BeginFollowUp")).BeginFollowUp);

type Props = { patient: Patient; followUps: Assignment[] };

export function StartFollowUp({ patient, followUps }: Props) {
  const { t } = useWords();
  const plans = useAllProtocols();
  const [chosen, setChosen] = useState("");
  const active = plans.data?.rows.filter((plan) => plan.actions.includes("assign")) ?? [];
  if (plans.data && !plans.hasNextPage && active.length === 0) {
    return (
      <Text size="sm">
        {t("There is no active care plan.")}{" "}
        <Anchor component={Link} to="/plans">
          {t("Care plans")}
        </Anchor>
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t("Care plan")}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[{ value: "", label: t("Choose…") }, ...active.map((p) => ({ value: p.id, label: p.name }))]}
      />
      <Problem error={plans.error} again={plans.refetch} />
      {chosen ? (
        <Awaited waiting={<Loading />}>
          <BeginFollowUp
            key={chosen}
            protocolId={chosen}
            patient={patient}
            running={followUps.filter(({ protocolId, endedAt }) => protocolId === chosen && endedAt === null)}
            onStarted={() => setChosen("")}
          />
        </Awaited>
      ) : (
        <Button w="fit-content" disabled>
          {t("Start follow-up")}
        </Button>
      )}
    </Stack>
  );
}
