// Maintenance now, and a clean-up that shows first what it would remove.

import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { commands, LIMITS, type Removed } from "../../bindings";
import { Problem, Section } from "../../components/kit";
import { NumberField } from "../../components/NumberField";
import { useWords } from "../../i18n/useWords";
import { rangeOf } from "../../lib/limits";
import { lastError, useAct } from "../../lib/live";
import { useLookAtCleanup } from "../../queries";

const count = ({ completedJobs, failedJobs }: Removed) => completedJobs + failedJobs;

export function Care() {
  const { t } = useWords();
  const [hours, setHours] = useState<number | "">(24);
  const older = hours === "" ? 24 : hours;
  const seen = useLookAtCleanup({ hours: older }).data;
  const maintain = useAct(commands.runMaintenance, ({ removed, retried }) =>
    notifications.show({
      color: "teal",
      message: t("Done: {removed} finished entries removed, {retried} messages tried again.", {
        removed: removed.completedJobs + removed.failedJobs,
        retried,
      }),
    }),
  );
  const clean = useAct(commands.cleanupJobs, (removed) =>
    notifications.show({
      color: "teal",
      message: t("{n, plural, one {# finished entry} other {# finished entries}} removed.", {
        n: count(removed),
      }),
    }),
  );
  return (
    <Section title={t("Maintenance")}>
      <Text size="sm">
        {t("Removes finished entries of the message list. Messages and their history stay.")}
      </Text>
      <Group align="flex-end">
        <Button loading={maintain.isPending} onClick={() => maintain.mutate({})}>
          {t("Run maintenance now")}
        </Button>
        <NumberField
          label={t("Older than hours")}
          value={hours}
          onChange={setHours}
          {...rangeOf(LIMITS.Cleanup.hours)}
          w={150}
        />
        <Button
          variant="default"
          loading={clean.isPending}
          disabled={seen && count(seen) === 0}
          onClick={() => clean.mutate({ hours: older })}
        >
          {seen ? t("Clean up {n}", { n: count(seen) }) : t("Clean up")}
        </Button>
      </Group>
      <Text size="sm" aria-live="polite">
        {seen && count(seen) === 0 && t("Nothing is older than that.")}
        {seen &&
          count(seen) > 0 &&
          t("{n, plural, one {# finished entry would go.} other {# finished entries would go.}}", {
            n: count(seen),
          })}
      </Text>
      <Problem error={lastError(maintain, clean)} />
    </Section>
  );
}
