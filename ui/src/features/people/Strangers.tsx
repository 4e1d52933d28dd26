// Whoever wrote and is nobody's LINE account: what they said, and who they may be.

import { Badge, Button, Card, Collapse, Group, Select, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { commands, type Stranger, type StrangerAction } from "../../bindings";
import { Latest, Problem, When } from "../../components/kit";
import { May, useMay } from "../../components/may";
import { AllSaid } from "../../components/Said";
import { Untold } from "../../components/Untold";
import { useWords } from "../../i18n/useWords";
import { STRANGER_ACTIONS } from "../../labels";
import { useAct } from "../../lib/live";
import type { Operation } from "../../lib/roles";
import { useTyped } from "../../lib/search";
import { useListPatientsPages } from "../../queries";
import { whoIn } from "../../sayings";

/** So many of what somebody said are shown: the last ones. */
const SHOWN = 10;

export function Strangers({ rows }: { rows: Stranger[] }) {
  const { t } = useWords();
  if (rows.length === 0) return null;
  return (
    <Stack
      component="ul"
      gap="sm"
      p={0}
      m={0}
      style={{ listStyle: "none" }}
      aria-label={t("Someone unknown wrote")}
    >
      {rows.map((row) => (
        <Entry key={row.id} stranger={row} />
      ))}
    </Stack>
  );
}

function Entry({ stranger }: { stranger: Stranger }) {
  const { t } = useWords();
  const { said, urgent, resolvedAt } = stranger;
  return (
    <Card
      component="li"
      withBorder
      style={urgent && !resolvedAt ? { borderColor: "var(--mantine-color-red-6)" } : undefined}
    >
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} flex={1} miw="min(260px, 100%)">
          <Group gap="xs">
            <Title order={3} size="h5">
              {stranger.displayName ?? t("Someone on LINE")}
            </Title>
            <Badge
              color={urgent ? "red" : "grape"}
              variant="light"
              leftSection={urgent ? <IconAlertTriangle size={12} aria-hidden /> : undefined}
            >
              {urgent ? t("Words that alarm") : t("Someone unknown wrote")}
            </Badge>
          </Group>
          <AllSaid said={said.slice(-SHOWN)} />
          {stranger.untold && <Untold />}
          <Text size="sm" c="dimmed" component="div">
            <When at={stranger.createdAt} />
            <Latest at={stranger.updatedAt} since={stranger.createdAt} />
            {resolvedAt && ` · ${t("settled by {who}", { who: whoIn(stranger.resolvedBy ?? "", t) })}`}
          </Text>
        </Stack>
        <Actions stranger={stranger} />
      </Group>
    </Card>
  );
}

type Act = { ask: Operation; call: (input: { id: string }) => Promise<Stranger> };

const ACTS: Record<Exclude<StrangerAction, "link">, Act> = {
  resolve: { ask: "resolve_stranger", call: commands.resolveStranger },
  reopen: { ask: "reopen_stranger", call: commands.reopenStranger },
};

function Actions({ stranger: { id, actions } }: { stranger: Stranger }) {
  const { t } = useWords();
  const [linking, { toggle }] = useDisclosure();
  const isAllowed = useMay();
  const act = useAct((action: keyof typeof ACTS) => ACTS[action].call({ id }));
  return (
    <Stack gap="xs" className="entry-acts" miw="min(260px, 100%)" maw={420}>
      <Group gap="xs">
        {actions.map((action) => {
          const label = t(STRANGER_ACTIONS[action]);
          if (action === "link")
            return (
              <May key={action} ask="link_stranger">
                <Button size="xs" aria-expanded={linking} onClick={toggle}>
                  {label}
                </Button>
              </May>
            );
          return (
            isAllowed(ACTS[action].ask) && (
              <Button
                key={action}
                size="xs"
                variant="default"
                loading={act.isPending}
                onClick={() => act.mutate(action)}
              >
                {label}
              </Button>
            )
          );
        })}
      </Group>
      <Collapse expanded={linking} w="100%">
        {linking && <LinkTo id={id} />}
      </Collapse>
      <Problem error={act.error} />
    </Stack>
  );
}

/** Chooses the patient by a part of the name; only those without a link can be chosen. */
function LinkTo({ id }: { id: string }) {
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
