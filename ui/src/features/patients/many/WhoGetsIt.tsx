// Who of several gets no message, or not yet, and why: by the core's word of each patient.

import { Button, Group, List, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Cause, Obstacle, PatientSummary } from "../../../bindings";
import { When } from "../../../components/kit";
import { useWords } from "../../../i18n/useWords";
import { CAUSES } from "../../../labels";
import type { Batch } from "../../../lib/batch";

/** What an act is asked with: those it is about, how it begins, and the way back to the choice. */
export type OfMany = {
  chosen: PatientSummary[];
  begin: (batch: Batch) => Promise<void>;
  onBack: () => void;
};

/** At the foot of what is asked: what begins it, and the way back. */
export function BackOr({ onBack, children }: Pick<OfMany, "onBack"> & { children: ReactNode }) {
  const { t } = useWords();
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onBack}>
        {t("Back")}
      </Button>
      {children}
    </Group>
  );
}

/** Archived patients take no part in anything new. */
export const inCare = (rows: PatientSummary[]) => rows.filter(({ status }) => status === "active");

/** Whether a message to them would be refused or left out. */
export const isOut = ({ obstacle }: PatientSummary) => !!obstacle && !obstacle.waits;

export const membersOf = (rows: PatientSummary[]) =>
  rows.map(({ id, displayName }) => ({ id, name: displayName }));

export function ArchivedAreOut({ chosen }: { chosen: PatientSummary[] }) {
  const { t } = useWords();
  const n = chosen.length - inCare(chosen).length;
  if (n === 0) return null;
  return (
    <Text size="sm">
      {t("{n, plural, one {# of them is} other {# of them are}} archived and left out.", { n })}
    </Text>
  );
}

type ForOneCause = { cause: Cause; obstacles: Obstacle[] };

function byCause(rows: PatientSummary[], waits: boolean): ForOneCause[] {
  const groups = new Map<Cause, Obstacle[]>();
  for (const { obstacle } of rows) {
    if (obstacle?.waits !== waits) continue;
    groups.set(obstacle.cause, [...(groups.get(obstacle.cause) ?? []), obstacle]);
  }
  return [...groups].map(([cause, obstacles]) => ({ cause, obstacles }));
}

/** Those whose messages wait, or, with `waits` false, do not go out at all; by what keeps them. */
export function KeptBack({ rows, waits }: { rows: PatientSummary[]; waits: boolean }) {
  const { t } = useWords();
  const groups = byCause(rows, waits);
  const n = groups.reduce((sum, { obstacles }) => sum + obstacles.length, 0);
  if (n === 0) return null;
  return (
    <div>
      <Text size="sm">
        {waits
          ? t("To {n, plural, one {# of them} other {# of them}} messages wait first:", { n })
          : t("{n, plural, one {# of them gets} other {# of them get}} no message:", { n })}
      </Text>
      <List size="sm">
        {groups.map(({ cause, obstacles }) => (
          <List.Item key={cause}>
            {t("{why}: {n, plural, one {# patient} other {# patients}}", {
              why: t(CAUSES[cause].label),
              n: obstacles.length,
            })}
            <Until obstacles={obstacles} />
          </List.Item>
        ))}
      </List>
    </div>
  );
}

/** When the last of them goes, where that is known of all. */
function Until({ obstacles }: { obstacles: Obstacle[] }) {
  const { t } = useWords();
  const ends = obstacles.flatMap(({ until }) => until ?? []).sort();
  if (ends.length < obstacles.length) return null;
  return (
    <>
      {", "}
      {t("until")} <When at={ends.at(-1)} />
    </>
  );
}
