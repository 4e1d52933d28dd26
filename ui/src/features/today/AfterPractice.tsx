// How this clinic differs from the practice clinic one comes from. Each line is read from this clinic
// alone, which cannot see the other one.

import { Button, List, Stack, Text, Title } from "@mantine/core";
import type { QuietHours, Status, Today } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { Section } from "../../components/kit";
import { useMay } from "../../components/may";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { SENDING } from "../../labels";
import { usePractised } from "../../shared/practise";
import { StepList, useSteps } from "./FirstSteps";

/** Whether this is the real clinic, and somebody went to practise from here. */
export function useIsBack(): boolean {
  const { status } = useClinic();
  const [practised] = usePractised();
  return practised && status?.practice === false;
}

export function AfterPractice({ day, withSteps }: { day: Today; withSteps: boolean }) {
  const { t } = useWords();
  const { status } = useClinic();
  const isAllowed = useMay();
  const isBack = useIsBack();
  const [, setPractised] = usePractised();
  if (!status || !isBack) return null;
  const differences = [
    t("What you did in practice stayed there: no patient, care plan or setting of it is here."),
    t(
      "A care plan of practice comes along as a file: press “Export” there, and choose it here under “New care plan”, “From a file”.",
    ),
    messages(status, t),
    t("The clock here is the real one and cannot be moved: a message goes out when it is due."),
    quietHours(day.quietHours, t),
    t("This clinic is “{name}”; its times are those of {timeZone}.", {
      name: status.clinicName,
      timeZone: status.timeZone,
    }),
  ];
  return (
    <Section
      title={t("How this clinic differs from practice")}
      actions={
        <Button size="xs" variant="subtle" onClick={() => setPractised(false)}>
          {t("Put away")}
        </Button>
      }
    >
      <List spacing={6}>
        {differences.map((one) => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
      {withSteps && isAllowed("update_settings") && <ToSetUp />}
    </Section>
  );
}

function messages(status: Status, t: Translate): string {
  const { goes, label } = SENDING[status.sending];
  return goes
    ? t("Messages leave this computer: they go to the LINE of real patients.")
    : t("Messages go to the LINE of real patients. None goes out at the moment: {why}.", { why: t(label) });
}

function quietHours(quiet: QuietHours | null, t: Translate): string {
  if (!quiet) return t("There are no quiet hours here: messages go out at night, too.");
  const { start, end } = quiet;
  return quiet.silently
    ? t("Quiet hours here are {start} to {end}: messages go out then without a sound.", { start, end })
    : t("Quiet hours here are {start} to {end}: messages wait for their end.", { start, end });
}

/** What is left of the first steps, for those who may take them. */
function ToSetUp() {
  const { t } = useWords();
  const steps = useSteps();
  if (!steps) return null;
  const open = steps.filter(({ done }) => !done);
  if (open.length === 0) return <Text>{t("Its first steps are all done.")}</Text>;
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t("Still to do here")}
      </Title>
      <StepList steps={open} />
    </Stack>
  );
}
