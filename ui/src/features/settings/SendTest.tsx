// One ordinary message to a patient of one's choice: the core knows no other addressee. Whoever
// wants it on their own phone is linked as a patient.

import { Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { PatientSummary } from "../../bindings";
import { Awaited, onDemand } from "../../components/onDemand";
import { SearchChoice } from "../../components/SearchChoice";
import { useWords } from "../../i18n/useWords";
import { useListPatients } from "../../queries";

/** As many as one looks through; the others are found by their names. */
const SHOWN = 20;

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
  const [search, setSearch] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [sought] = useDebouncedValue(search.trim(), 200);
  // The field says who is chosen: that is no search.
  const asks = sought !== "" && sought !== patient?.displayName;
  const patients = useListPatients(
    { group: "linked", limit: SHOWN, ...(asks && { search: sought }) },
    { enabled: isOpen },
  );
  const found = patients.data?.items ?? [];
  const shown = patient && !found.some(({ id }) => id === patient.id) ? [patient, ...found] : found;
  return (
    <SearchChoice
      maw={420}
      label={t("Who gets the test message")}
      placeholder={t("Choose a linked patient")}
      clearable
      clearButtonProps={{ "aria-label": t("Choose nobody") }}
      nothingFoundMessage={patients.isFetching ? t("Looking…") : t("No linked patient is called so.")}
      onDropdownOpen={() => {
        setOpen(true);
        SendTestMessage.preload();
      }}
      onDropdownClose={() => setOpen(false)}
      filter={({ options }) => options}
      onSearchChange={setSearch}
      value={patient?.id ?? null}
      onChange={(id) => {
        const chosen = shown.find((one) => one.id === id) ?? null;
        SendTestMessage.preload().then(() => choose(chosen));
      }}
      data={shown.map((one) => ({ value: one.id, label: one.displayName }))}
    />
  );
}
