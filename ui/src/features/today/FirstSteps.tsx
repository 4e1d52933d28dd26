// What a new clinic does first; gone once all of it is done, or put away.

import { Anchor, Button, Group, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useClinic } from "../../components/clinic";
import { Section } from "../../components/kit";
import { useMay } from "../../components/may";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useGetSettings, useListAssignments, useListPatients, useListProtocols } from "../../queries";
import { PractiseButton, useCanPractise } from "../../shared/practise";
import { DoneMark, LOOKED_AT, usePutAway } from "./guide";

const PUT_AWAY = "clinicue.firstSteps";

/** For those who may set up the clinic. */
export function FirstSteps() {
  const isAllowed = useMay();
  const [away, putAway] = usePutAway(PUT_AWAY);
  if (away || !isAllowed("update_settings")) return null;
  return <Steps putAway={putAway} />;
}

type Step = {
  done: boolean;
  to: "/welcome" | "/plans/new" | "/patients" | "/settings";
  hash?: string;
  label: Label;
};

/** What is done of each; null until all of it is known. */
export function useSteps(): Step[] | null {
  const { status } = useClinic();
  const settings = useGetSettings({}).data;
  const plans = useListProtocols({ limit: LOOKED_AT }).data?.items;
  const patients = useListPatients({ limit: LOOKED_AT }).data?.items;
  const followUps = useListAssignments({ limit: LOOKED_AT }).data?.items;
  if (!status || !settings || !plans || !patients || !followUps) return null;
  const demo = new Set(patients.filter((one) => one.demo).map(({ id }) => id));
  return [
    {
      done: settings.version > 0,
      to: "/welcome",
      label: "Name the clinic, its time zone and quiet hours",
    },
    {
      done: plans.some((plan) => plan.status === "active" && !plan.demo),
      to: "/plans/new",
      label: "Write a care plan and activate it",
    },
    { done: patients.length > demo.size, to: "/patients", label: "Add the first patient" },
    {
      done: followUps.some(({ patientId }) => !demo.has(patientId)),
      to: "/patients",
      label: "Start a follow-up from the patient’s page",
    },
    {
      done: !status.practice && status.sending !== "not_connected",
      to: "/settings",
      hash: "line",
      label: "Connect the clinic’s LINE account",
    },
  ];
}

function Steps({ putAway }: { putAway: () => void }) {
  const { t } = useWords();
  const steps = useSteps();
  const canPractise = useCanPractise();
  if (!steps || steps.every(({ done }) => done)) return null;
  return (
    <Section
      title={t("First steps")}
      actions={
        <Button size="xs" variant="subtle" onClick={putAway}>
          {t("Put away")}
        </Button>
      }
    >
      <StepList steps={steps} />
      {canPractise && (
        <Group>
          <PractiseButton />
        </Group>
      )}
    </Section>
  );
}

export function StepList({ steps }: { steps: Step[] }) {
  const { t } = useWords();
  return (
    <Stack component="ol" gap={6} p={0} m={0} style={{ listStyle: "none" }}>
      {steps.map(({ done, to, hash, label }) => (
        <Group component="li" key={label} gap="xs" wrap="nowrap">
          <DoneMark done={done} size={18} />
          <Anchor component={Link} to={to} hash={hash}>
            {t(label)}
          </Anchor>
        </Group>
      ))}
    </Stack>
  );
}
