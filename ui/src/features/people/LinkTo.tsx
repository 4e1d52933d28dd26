import { Button, Select, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { commands, LIMITS } from "../../bindings";
import { Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import { useTyped } from "../../lib/search";
import { useListPatientsPages } from "../../queries";

/** Chooses the patient by a part of the name; only those without a link can be chosen. */
export function LinkTo({ id }: { id: string }) {
  const { t } = useWords();
  const [search, setSearch] = useState("");
  const [typed, type] = useTyped(search, setSearch);
  const [patientId, choose] = useState<string | null>(null);
  const found = useListPatientsPages({ search: search || null, limit: 20 }, { keep: true });
  const link = useAct(commands.linkStranger, ({ displayName }) =>
    notifications.show({ color: "teal", message: t("Linked to {name}.", { name: displayName }) }),
  );
  const patients = found.data?.rows ?? [];
  return (
    <Stack gap="xs">
      <Select
        label={t("Patient")}
        description={t("What was written goes to their timeline. Linked patients cannot be chosen.")}
        searchable
        maxLength={LIMITS.ListPatients.search.maxLength}
        filter={({ options }) => options}
        searchValue={typed}
        onSearchChange={type}
        value={patientId}
        onChange={choose}
        nothingFoundMessage={t("Nobody of that name.")}
        data={patients.map((p) => ({
          value: p.id,
          label: p.externalRef ? `${p.displayName} · ${p.externalRef}` : p.displayName,
          disabled: p.lineUserId !== null,
        }))}
      />
      <Button
        size="xs"
        w="fit-content"
        disabled={!patientId}
        loading={link.isPending}
        onClick={() => patientId && link.mutate({ id, patientId })}
      >
        {t("Link")}
      </Button>
      <Problem error={link.error} />
    </Stack>
  );
}
