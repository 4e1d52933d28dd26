import { Button, Select, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { commands, type PatientSummary } from "../../bindings";
import { Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import { usePatientSearch } from "../../shared/patientSearch";

const nameOf = ({ displayName, externalRef }: PatientSummary) =>
  externalRef ? `${displayName} · ${externalRef}` : displayName;

/** Chooses the patient by a part of the name; only those without a link can be chosen. */
export function LinkTo({ id }: { id: string }) {
  const { t } = useWords();
  const [patient, choose] = useState<PatientSummary | null>(null);
  const { field, isLooking, withId } = usePatientSearch({
    chosen: patient,
    nameOf,
    isOut: ({ lineUserId }) => lineUserId !== null,
  });
  const link = useAct(commands.linkStranger, ({ displayName }) =>
    notifications.show({ color: "teal", message: t("Linked to {name}.", { name: displayName }) }),
  );
  return (
    <Stack gap="xs">
      <Select
        label={t("Patient")}
        description={t("What was written goes to their timeline. Linked patients cannot be chosen.")}
        searchable
        {...field}
        clearButtonProps={{ "aria-label": t("Choose nobody") }}
        onChange={(one) => choose(withId(one))}
        nothingFoundMessage={isLooking ? t("Looking…") : t("Nobody of that name.")}
      />
      <Button
        size="xs"
        w="fit-content"
        disabled={!patient}
        loading={link.isPending}
        onClick={() => patient && link.mutate({ id, patientId: patient.id })}
      >
        {t("Link")}
      </Button>
      <Problem error={link.error} />
    </Stack>
  );
}
