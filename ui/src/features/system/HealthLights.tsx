// What was looked at and what was found, and the same to be copied for whoever helps.

import { Badge, Code, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { Check, Health } from "../../bindings";
import { Copy } from "../../components/Copy";
import { useClinic } from "../../components/clinic";
import { Problem, Section } from "../../components/kit";
import { LinkAnchor } from "../../components/links";
import { useMay } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { CHECKS, namesOf } from "../../labels";
import { useJobsHealth, useJobsStats } from "../../queries";
import { foundOfHealth } from "../../sayings";
import { reportOf } from "./report";

export function HealthLights() {
  const { t } = useWords();
  const { data, error, isLoading, refetch } = useJobsHealth({}, { refetchInterval: 15_000 });
  const well = data?.status === "healthy";
  return (
    <Section
      title={t("Health")}
      actions={
        <>
          {isLoading && <Skeleton h={26} w={150} />}
          {data && (
            <Badge color={well ? "teal.9" : "red.8"} size="lg">
              {well ? t("Everything works") : t("Something is wrong")}
            </Badge>
          )}
        </>
      }
    >
      <Problem error={error} again={refetch} />
      {isLoading && <Awaited />}
      {data && <Found health={data} />}
    </Section>
  );
}

/** As high as what comes: a line each where there is room, two on a phone. */
function Awaited() {
  const lines = namesOf(CHECKS).length;
  return (
    <Stack gap="sm" aria-busy="true">
      <Skeleton height={22} maw={260} />
      <Skeleton h={{ base: lines * 56, sm: lines * 31 - 6 }} />
      <Skeleton h={{ base: 120, sm: 62 }} />
    </Stack>
  );
}

function Found({ health }: { health: Health }) {
  const { t } = useWords();
  return (
    <>
      <Text size="sm">
        {t("{ok} of {all} checks are in order.", {
          ok: health.checks.filter(({ ok }) => ok).length,
          all: health.checks.length,
        })}
      </Text>
      <Stack gap={6}>
        {health.checks.map((check) => (
          <Light key={check.name} check={check} />
        ))}
      </Stack>
      <Report health={health} />
    </>
  );
}

function Light({ check }: { check: Check }) {
  const { t, tell } = useWords();
  const Icon = check.ok ? IconCircleCheck : IconCircleX;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Icon
        size={22}
        color={check.ok ? "var(--mantine-color-teal-7)" : "var(--mantine-color-red-7)"}
        aria-label={check.ok ? t("Works") : t("Does not work")}
        style={{ flexShrink: 0 }}
      />
      <Text>
        <b>{t(CHECKS[check.name])}</b> {foundOfHealth(check.finding, t, tell)} <Mend check={check} />
      </Text>
    </Group>
  );
}

/** Where a check that fails is mended, for those who may. */
function Mend({ check }: { check: Check }) {
  const { t } = useWords();
  const isAllowed = useMay();
  if (check.ok) return null;
  const part = check.name === "line" ? "line" : check.name === "menu" ? "menu" : null;
  if (part && isAllowed("update_settings"))
    return (
      <LinkAnchor to="/settings" hash={part} className="back">
        {t("Mend it under Settings")}
      </LinkAnchor>
    );
  if (check.name !== "oldestQueued") return null;
  return (
    <LinkAnchor to="/worklist" search={{ part: "messages" }} className="back">
      {t("See the messages that wait")}
    </LinkAnchor>
  );
}

function Report({ health }: { health: Health }) {
  const { t } = useWords();
  const { status } = useClinic();
  const stats = useJobsStats({});
  if (!status) return null;
  const report = reportOf(status, health, stats.data);
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <Copy text={report} label={t("Copy for support")} />
        <Text size="sm" c="dimmed">
          {t("For whoever helps you: versions and states, no names and no tokens.")}
        </Text>
      </Group>
      {/* To be read before it is given away, and copied by hand where the browser does not. */}
      <details>
        <summary>{t("What is copied")}</summary>
        <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {report}
        </Code>
      </details>
    </Stack>
  );
}
