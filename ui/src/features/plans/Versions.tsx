// The versions of a care plan: what an earlier one said, held against the newest.

import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Protocol, VersionSummary } from "../../bindings";
import { DataTable } from "../../components/DataTable";
import { Loading, Problem, Section, When } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { useProtocolVersion, useProtocolVersions } from "../../queries";
import { type Compared, compare, type Part } from "./compare";
import { triggerInWords } from "./triggers";

/** Shown where there is more than one. */
export function Versions({ plan }: { plan: Protocol }) {
  const { t } = useWords();
  const { version } = useSearch({ from: "/plans/$id" });
  const all = useProtocolVersions({ id: plan.id });
  const chosen = all.data?.items.find((one) => String(one.version) === version);
  return (
    <Section title={t("Versions")}>
      <Problem error={all.error} again={all.refetch} />
      {all.isLoading && <Loading />}
      {all.data && <Those items={all.data.items} newest={plan.version} chosen={chosen?.version} />}
      {chosen && <Against plan={plan} version={chosen.version} />}
    </Section>
  );
}

function Those({ items, newest, chosen }: { items: VersionSummary[]; newest: number; chosen?: number }) {
  const { t } = useWords();
  const navigate = useNavigate({ from: "/plans/$id" });
  const look = (version?: number) =>
    navigate({
      search: (before) => ({ ...before, version: version === undefined ? undefined : String(version) }),
      replace: true,
    });
  return (
    <DataTable
      label={t("Versions")}
      columns={[t("Version"), t("Published"), t("Number of steps"), t("Follow-ups that run"), ""]}
      minWidth={480}
    >
      {items.map((one) => (
        <Table.Tr key={one.version}>
          <Table.Th scope="row">{one.version}</Table.Th>
          <Table.Td>{one.publishedAt ? <When at={one.publishedAt} /> : t("Not yet")}</Table.Td>
          <Table.Td>{one.stepCount}</Table.Td>
          <Table.Td>{one.activeAssignments}</Table.Td>
          <Table.Td>
            {one.version !== newest && (
              <Button
                size="xs"
                variant="default"
                aria-expanded={one.version === chosen}
                onClick={() => look(one.version === chosen ? undefined : one.version)}
              >
                {one.version === chosen
                  ? t("Close version {version}", { version: one.version })
                  : t("Compare version {version}", { version: one.version })}
              </Button>
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

/** An earlier version, step by step beside the newest. */
function Against({ plan, version }: { plan: Protocol; version: number }) {
  const { t } = useWords();
  const earlier = useProtocolVersion({ id: plan.id, version });
  if (!earlier.data) {
    return earlier.error ? <Problem error={earlier.error} again={earlier.refetch} /> : <Loading />;
  }
  const steps = compare(earlier.data.steps, plan.steps);
  return (
    <Stack gap="xs">
      <Text fw={600}>
        {t("Version {version} beside the newest one, {newest}", { version, newest: plan.version })}
      </Text>
      <DataTable
        label={t("Version {version} beside the newest one, {newest}", { version, newest: plan.version })}
        columns={[
          t("Step"),
          t("Version {version}", { version }),
          t("Version {version}", { version: plan.version }),
          t("What changed"),
        ]}
        minWidth={640}
      >
        {steps.map((step) => (
          <ComparedRow key={`${step.order} ${step.change}`} step={step} />
        ))}
      </DataTable>
    </Stack>
  );
}

const CHANGES = {
  same: { label: "The same", color: "gray" },
  changed: { label: "Changed", color: "blue" },
  added: { label: "New", color: "teal" },
  removed: { label: "Taken out", color: "orange" },
} as const;

const PARTS = {
  name: "name",
  when: "when",
  message: "message",
  question: "question",
  rest: "the rest",
} as const satisfies Record<Part, string>;

function ComparedRow({ step: { order, earlier, newest, change, parts } }: { step: Compared }) {
  const words = useWords();
  const { t } = words;
  const { label, color } = CHANGES[change];
  return (
    <Table.Tr>
      <Table.Th scope="row">{order}</Table.Th>
      {[earlier, newest].map((step, n) => (
        // The earlier one, then the newest.
        <Table.Td key={n}>
          {step && (
            <>
              <Text size="sm" fw={600}>
                {step.name || t("Message")}
              </Text>
              <Text size="sm">{triggerInWords(step.trigger, words)}</Text>
              <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {textOf(step.content)}
              </Text>
            </>
          )}
        </Table.Td>
      ))}
      <Table.Td>
        <Group gap={4}>
          <Badge variant="light" color={color}>
            {t(label)}
          </Badge>
          {parts.map((part) => (
            <Text key={part} size="sm">
              {t(PARTS[part])}
            </Text>
          ))}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** What stands first in a message, whatever it is. */
function textOf(content: unknown): string {
  const { text, altText } = (content ?? {}) as { text?: unknown; altText?: unknown };
  return [text, altText].find((words): words is string => typeof words === "string") ?? "";
}
