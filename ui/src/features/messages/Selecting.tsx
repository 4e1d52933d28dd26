// Choosing several messages of the list, or all that match, and what is done with them.

import { Button, Loader } from "@mantine/core";
import { useState } from "react";
import type { ComingUp, Message, MessageAction } from "../../bindings";
import { Problem } from "../../components/kit";
import { MANY, type ManyAct } from "../../components/manyActs";
import {
  type ActOnMany,
  ActsOnMany,
  type Selection,
  SelectionBar,
  useSelection,
} from "../../components/selection";
import type { Label, WordsWith } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { type Matching, useLook } from "../../lib/looked";
import { useManyMessages } from "../../shared/ManyMessages";

type Choosable = Pick<Message, "id" | "patientName" | "dueAt" | "state" | "actions">;

/** Those of what comes that are messages already. */
export const choosableOf = (rows: ComingUp[]): Choosable[] =>
  rows.flatMap(({ messageId: id, state, patientName, dueAt, actions }) =>
    id && state ? [{ id, state, patientName, dueAt, actions }] : [],
  );

/** More than is shown, as the core finds it. */
export type Everything = {
  matching: Matching;
  ask: Label;
  said: WordsWith<"n">;
  /** Whether a row of the list is one of them. */
  isOne: (row: Choosable) => boolean;
};

const ACTS = ["retry", "move", "now", "hold", "release", "cancel"] as const satisfies ManyAct[];

const ASK: Record<Exclude<ManyAct, "letGo">, WordsWith<"n">> = {
  retry: "Retry {n}…",
  move: "Another time for {n}…",
  now: "Send {n} now…",
  hold: "Hold {n}…",
  release: "Release {n}…",
  cancel: "Cancel {n}…",
};

/** The selection of the list, of which all that match may be chosen, too. */
function useChosen(rows: Choosable[], { matching, isOne }: Everything) {
  const own = useSelection(rows.map(({ id }) => id));
  const [whole, setWhole] = useState("");
  // "Everything" belongs to the filter it was chosen with, and ends with it.
  const name = JSON.stringify(matching);
  const isAll = whole === name;
  const isIn = new Set(rows.filter(isOne).map(({ id }) => id));
  const selection: Selection = {
    ...own,
    selected: isAll ? own.all.filter((id) => isIn.has(id)) : own.selected,
    has: (id) => (isAll ? isIn.has(id) : own.has(id)),
    toggle: (id, range) => {
      setWhole("");
      own.toggle(id, range);
    },
    setAll: (to) => {
      setWhole("");
      own.setAll(to);
    },
  };
  const setEverything = () => {
    own.choose([...isIn]);
    setWhole(name);
  };
  return { selection, isAll, setEverything };
}

export function useSelecting(rows: Choosable[], everything: Everything, isMore: boolean) {
  const { t } = useWords();
  const many = useManyMessages("messages", rows);
  const { selection, isAll, setEverything } = useChosen(rows, everything);
  const { acts, n, shown } = useActs(rows, selection, isAll ? everything.matching : null, many);
  const mayChoose = ACTS.some(many.may);
  return {
    selection: mayChoose ? selection : undefined,
    shown: (
      <>
        {many.panel}
        {!many.isRunning && mayChoose && (
          <SelectionBar selection={selection} said={n === undefined ? undefined : t(everything.said, { n })}>
            {shown ?? <ActsOnMany acts={acts} />}
            {isMore && !isAll && (
              <Button size="xs" variant="subtle" onClick={setEverything}>
                {t(everything.ask)}
              </Button>
            )}
          </SelectionBar>
        )}
        {many.dialog(() => selection.setAll(false))}
      </>
    ),
  };
}

/** The acts with how many take each: of those that are chosen by the rows, of all that match by the core. */
function useActs(
  rows: Choosable[],
  selection: Selection,
  matching: Matching | null,
  many: ReturnType<typeof useManyMessages>,
) {
  const { t } = useWords();
  const meant = matching ? { matching } : null;
  const looks = {
    retry: useLook("retry", meant),
    move: useLook("move", meant),
    hold: useLook("hold", meant),
    release: useLook("release", meant),
    cancel: useLook("cancel", meant),
  };
  const chosen = rows.filter(({ id }) => selection.has(id));
  const countOf = (action: MessageAction) =>
    matching
      ? (looks[action].data?.ids.length ?? 0)
      : chosen.filter(({ actions }) => actions.includes(action)).length;
  const acts = ACTS.filter(many.may).map((act): ActOnMany => {
    const n = countOf(MANY[act].action);
    const set = meant ?? { ids: selection.selected };
    return { label: t(ASK[act], { n }), n, onClick: () => many.ask(act, set) };
  });
  const all = Object.values(looks);
  const failed = matching && all.find(({ error }) => error);
  const shown = failed ? (
    <Problem error={failed.error} again={failed.refetch} />
  ) : matching && all.some(({ isPending }) => isPending) ? (
    <Loader size="sm" aria-label={t("Counting…")} />
  ) : undefined;
  return { acts, n: matching ? looks.cancel.data?.matched : undefined, shown };
}
