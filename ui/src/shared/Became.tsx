// Where the messages of a run stand by now, each number with a link to the list of such messages.

import { List, Stack, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import type { LookedAtMessages, NotActedOn } from "../bindings";
import { useClinic } from "../components/clinic";
import { LinkAnchor } from "../components/links";
import { useWords } from "../i18n/useWords";
import { CAUSES, MESSAGE_STATES } from "../labels";
import { clockTime } from "../lib/format";
import { useLook } from "../lib/looked";
import { stageOf } from "../lib/states";

type Standing = Pick<NotActedOn, "state" | "cause" | "count">;

/** `ids` are those that can be moved, so they wait for their time; `others` say where they stand. */
function standingsIn({ ids, others }: LookedAtMessages): Standing[] {
  const all = new Map<string, Standing>();
  const waiting: Standing[] = ids.length > 0 ? [{ state: "scheduled", cause: null, count: ids.length }] : [];
  for (const { state, cause, count } of [...waiting, ...others]) {
    const why = state === "sent" || state === "cancelled" ? null : cause;
    const key = `${state} ${why}`;
    all.set(key, { state, cause: why, count: count + (all.get(key)?.count ?? 0) });
  }
  return [...all.values()].sort((a, b) => b.count - a.count);
}

export function Became({ ids }: { ids: string[] }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const { data } = useLook("move", ids.length > 0 ? { ids } : null, {
    meta: { topics: ["messages"] },
    placeholderData: keepPreviousData,
  });
  if (!data) return null;
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {t("Where they stand as of {time}:", { time: clockTime(data.asOf, locale, timeZone) })}
      </Text>
      <List size="sm">
        {standingsIn(data).map((standing) => (
          <List.Item key={`${standing.state} ${standing.cause}`}>
            <Where {...standing} />
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function Where({ state, cause, count }: Standing) {
  const { t } = useWords();
  const stands = t(MESSAGE_STATES[state].label);
  const why = cause ? t("{place}: {words}", { place: stands, words: t(CAUSES[cause].label) }) : stands;
  const stage = stageOf(state);
  const narrowed = stage === "held" || stage === "failed" ? (cause ?? undefined) : undefined;
  return (
    <LinkAnchor to="/messages" search={{ stage, cause: narrowed }} underline="always" inherit>
      {t("{why}: {n, plural, one {# message} other {# messages}}", { why, n: count })}
    </LinkAnchor>
  );
}
