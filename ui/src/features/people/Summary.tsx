// The one line at the top: how much there is to look at, by what it is. A message that failed for
// good is there as itself and as an entry, so that these are things and not people. Its numbers add up to that
// of the menu, and each leads to its rows.

import { Group } from "@mantine/core";
import { useClinic } from "../../components/clinic";
import { LinkButton } from "../../components/links";
import { useWords } from "../../i18n/useWords";
import type { PEOPLE_PARTS } from "../../labels/filters";
import { useListStrangersPages } from "../../queries";

type PartName = (typeof PEOPLE_PARTS)[number];

/** Whether a part is shown: all of them, or only the chosen one. "Messages" are those that failed or wait. */
export const isShown = (part: PartName, chosen: PartName | undefined) =>
  !chosen || chosen === part || (chosen === "messages" && (part === "failed" || part === "waiting"));

/** Asked for exactly as the list below asks, so that both share one read. */
export const useStrangers = (resolved: boolean) => useListStrangersPages({ resolved, limit: 50 });

/** How many are in each part; the core counts entries and unknown people as one. */
export function useCounts() {
  const { status } = useClinic();
  const strangers = useStrangers(false);
  const open = status?.worklistOpen ?? 0;
  const isKnown = !!strangers.data && !strangers.hasNextPage;
  const unknown = isKnown ? Math.min(strangers.data?.rows.length ?? 0, open) : null;
  return {
    people: open - (unknown ?? 0),
    unknown,
    failed: status?.needsAttention ?? 0,
    waiting: status?.held ?? 0,
  };
}

export function Summary({ chosen }: { chosen: PartName | undefined }) {
  const { t } = useWords();
  const { people, unknown, failed, waiting } = useCounts();
  const all = people + (unknown ?? 0) + failed + waiting;
  if (all === 0 && !chosen) return null;
  return (
    <Group component="nav" gap="xs" aria-label={t("What needs you")}>
      <To isChosen={!chosen}>
        {t("{n, plural, one {All: # thing to look at} other {All: # things to look at}}", { n: all })}
      </To>
      {(people > 0 || chosen === "people") && (
        <To part="people" isChosen={isChosen("people", chosen)}>
          {unknown === null
            ? t("{n, plural, one {# person} other {# people}}", { n: people })
            : t("{n, plural, one {# entry about a patient} other {# entries about patients}}", { n: people })}
        </To>
      )}
      {(!!unknown || chosen === "unknown") && (
        <To part="unknown" isChosen={isChosen("unknown", chosen)}>
          {t("{n, plural, one {# unknown person} other {# unknown people}}", { n: unknown ?? 0 })}
        </To>
      )}
      {(failed > 0 || chosen === "failed") && (
        <To part="failed" isChosen={isChosen("failed", chosen)}>
          {t("{n, plural, one {# message failed} other {# messages failed}}", { n: failed })}
        </To>
      )}
      {(waiting > 0 || chosen === "waiting") && (
        <To part="waiting" isChosen={isChosen("waiting", chosen)}>
          {t("{n, plural, one {# message waits} other {# messages wait}}", { n: waiting })}
        </To>
      )}
    </Group>
  );
}

const isChosen = (part: PartName, chosen: PartName | undefined) => !!chosen && isShown(part, chosen);

function To({ part, isChosen, children }: { part?: PartName; isChosen: boolean; children: string }) {
  return (
    <LinkButton
      to="/worklist"
      search={part ? { part } : {}}
      size="sm"
      variant={isChosen ? "filled" : "default"}
      // The router marks only the link whose address matches; here one choice may show several parts.
      activeOptions={{ exact: true }}
      aria-current={isChosen ? "true" : undefined}
    >
      {children}
    </LinkButton>
  );
}
