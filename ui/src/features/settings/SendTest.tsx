// One ordinary message to a patient of one's choice: the core knows no other addressee. Whoever
// wants it on their own phone is linked as a patient.

import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { PatientSummary } from "../../bindings";
import { Awaited, onDemand } from "../../components/onDemand";
import { SearchChoice } from "../../components/SearchChoice";
import { useWords } from "../../i18n/useWords";
import { usePatientSearch } from "../../shared/patientSearch";

const SendTestMessage = onDemand(async () => (await import("./SendTestMessage")).SendTestMessage);

export function SendTest({ practice }: { practice: boolean }) {
  const { t } = useWords();
  const [patient, choose] = useState<PatientSummary | null>(null);
  return (
    <Stack gap="sm">
      <Text size="sm">
        {practice
          ? t("A test message goes to the practice phone of the patient you choose.")
          : t(
              "A test message goes to one patient you choose, and counts as one of the month's messages. To get it on your own phone, add yourself as a patient and link yourself by a slip.",
            )}
      </Text>
      <WhoGetsIt patient={patient} choose={choose} />
      {patient && (
        <Awaited>
          <SendTestMessage key={patient.id} patient={patient} />
        </Awaited>
      )}
    </Stack>
  );
}

function WhoGetsIt({
  patient,
  choose,
}: {
  patient: PatientSummary | null;
  choose: (patient: PatientSummary | null) => void;
}) {
  const { t } = useWords();
  const { field, isLooking, withId } = usePatientSearch({
    chosen: patient,
    nameOf: ({ displayName }) => displayName,
    group: "linked",
  });
  return (
    <SearchChoice
      {...field}
      maw={420}
      label={t("Who gets the test message")}
      placeholder={t("Choose a linked patient")}
      clearButtonProps={{ "aria-label": t("Choose nobody") }}
      nothingFoundMessage={isLooking ? t("Looking…") : t("No linked patient is called so.")}
      onDropdownOpen={() => {
        field.onDropdownOpen();
        SendTestMessage.preload();
      }}
      onChange={(id) => {
        const chosen = withId(id);
        SendTestMessage.preload().then(() => choose(chosen));
      }}
    />
  );
}
