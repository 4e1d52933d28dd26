// What a new clinic does first; gone once all of it is done, or put away.

import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useClinic } from "../../components/clinic";
import { Section } from "../../components/kit";
import { useMay } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { useListAssignments, useListPatients, useListProtocols } from "../../queries";

const PUT_AWAY = "clinicue.firstSteps";

/** For those who may set up the clinic. */
export function FirstSteps() {
  const isAllowed = useMay();
  const [away, setAway] = useState(() => localStorage.getItem(PUT_AWAY) === "away");
  if (away || !isAllowed("update_settings")) return null;
  return (
    <Steps
      putAway={() => {
        localStorage.setItem(PUT_AWAY, "away");
        setAway(true);
      }}
    />
  );
}

function Steps({ putAway }: { putAway: () => void }) {
  const { t } = useWords();
  const { status } = useClinic();
  const plans = useListProtocols({ limit: 200 });
  const patients = useListPatients({ limit: 1 });
  const followUps = useListAssignments({ limit: 1 });
  if (!status || !plans.data || !patients.data || !followUps.data) return null;
  const steps: [done: boolean, link: ReactNode][] = [
    [
      plans.data.items.some((plan) => plan.status === "active"),
      <Anchor key="plan" component={Link} to="/plans/new">
        {t("Write a care plan and activate it")}
      </Anchor>,
    ],
    [
      patients.data.items.length > 0,
      <Anchor key="patient" component={Link} to="/patients">
        {t("Add the first patient")}
      </Anchor>,
    ],
    [
      followUps.data.items.length > 0,
      <Anchor key="followup" component={Link} to="/patients">
        {t("Start a follow-up from the patient’s page")}
      </Anchor>,
    ],
    [
      !status.practice && status.sending !== "not_connected",
      <Anchor key="line" component={Link} to="/settings">
        {t("Connect the clinic’s LINE account")}
      </Anchor>,
    ],
  ];
  if (steps.every(([done]) => done)) return null;
  return (
    <Section
      title={t("First steps")}
      actions={
        <Button size="xs" variant="subtle" onClick={putAway}>
          {t("Put away")}
        </Button>
      }
    >
      <Stack component="ol" gap={6} p={0} m={0} style={{ listStyle: "none" }}>
        {steps.map(([done, link], n) => (
          <Group component="li" key={n} gap="xs" wrap="nowrap">
            {done ? (
              <IconCircleCheck size={18} color="var(--mantine-color-teal-7)" aria-label={t("Done")} />
            ) : (
              <IconCircle size={18} aria-label={t("Still to do")} />
            )}
            <Text component="div" c={done ? "dimmed" : undefined}>
              {link}
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}
