// What staff can do with an entry of the worklist now, as buttons: the core says what.

import { Button, Collapse, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconClock } from "@tabler/icons-react";
import { commands, type WorkAction, type WorkItem } from "../bindings";
import { useClinic } from "../components/clinic";
import { Problem } from "../components/kit";
import { Menu, MenuItem } from "../components/Menu";
import { useMay } from "../components/may";
import { NoteForm } from "../components/NoteForm";
import { useWords } from "../i18n/useWords";
import { WORK_ACTIONS } from "../labels";
import { clinicIn, clinicNow } from "../lib/clock";
import { dateTime } from "../lib/format";
import { lastError, useAct } from "../lib/live";
import type { Operation } from "../lib/roles";
import { DAY_MS, HOUR_MS } from "../lib/units";
import { useSayOnItsWay } from "./obstacle";
import { useShowUndo, useUndoable } from "./wayBack";

const ASKS: Record<WorkAction, Operation> = {
  link: "decide_link",
  refuse_link: "decide_link",
  resolve: "resolve_work",
  send_again: "send_work_again",
  note: "note_work",
  snooze: "snooze_work",
  take: "take_work",
  let_go: "take_work",
  reopen: "reopen_work",
};

/** What is done at once; the others need a word or a time. */
type AtOnce = Exclude<WorkAction, "note" | "snooze">;

const CALLS: Record<AtOnce, (id: string) => Promise<WorkItem>> = {
  link: (id) => commands.decideLink({ id, accept: true }),
  refuse_link: (id) => commands.decideLink({ id, accept: false }),
  resolve: (id) => commands.resolveWork({ id }),
  send_again: (id) => commands.sendWorkAgain({ id }),
  take: (id) => commands.takeWork({ id }),
  let_go: (id) => commands.takeWork({ id, owner: null }),
  reopen: (id) => commands.reopenWork({ id }),
};

/** What is done most. */
const MAIN: WorkAction[] = ["link", "resolve"];

export function WorkActions({ item }: { item: WorkItem }) {
  const { t } = useWords();
  const { id, patientId } = item;
  const isAllowed = useMay();
  const [noting, { toggle, close }] = useDisclosure();
  const sayOnItsWay = useSayOnItsWay();
  const showUndo = useShowUndo();
  const snooze = useSnooze(item);
  const settle = useUndoable(
    () => CALLS.resolve(id),
    (_, isUndone) => showUndo(t("Settled."), isUndone, () => CALLS.reopen(id)),
  );
  const act = useAct(async (action: AtOnce) => {
    await CALLS[action](id);
    if (action === "send_again") await sayOnItsWay(patientId);
  });
  const go = (action: AtOnce) => (action === "resolve" ? settle.mutate({}) : act.mutate(action));
  const isGoing = (action: WorkAction) =>
    action === "resolve" ? settle.isPending : act.isPending && act.variables === action;
  const offered = item.actions.filter((action) => isAllowed(ASKS[action]));
  // What is settled has one act alone, which needs no room.
  return (
    <Stack gap="xs" className="entry-acts" maw={420}>
      <Group gap="xs">
        {offered.map((action) => {
          const moves = action === "link" && item.linkedTo;
          const label = moves ? t("Move the link here") : t(WORK_ACTIONS[action]);
          if (action === "snooze")
            return <Later key={action} label={label} isPending={snooze.isPending} onChoose={snooze.mutate} />;
          const opens = action === "note" ? { "aria-expanded": noting, onClick: toggle } : null;
          return (
            <Button
              key={action}
              size="xs"
              variant={MAIN.includes(action) ? "filled" : "default"}
              loading={isGoing(action)}
              {...(opens ?? { onClick: () => action !== "note" && go(action) })}
            >
              {label}
            </Button>
          );
        })}
      </Group>
      <Collapse expanded={noting} w="100%">
        <NoteForm write={(note) => commands.noteWork({ id, ...note })} done={close} />
      </Collapse>
      <Problem error={lastError(act, settle, snooze)} />
    </Stack>
  );
}

/** Puts it off; Undo lets it come back when it was to come back before, or shows it at once. */
function useSnooze({ id, snoozedUntil: before }: WorkItem) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const showUndo = useShowUndo();
  return useUndoable(
    async (ms: number) => {
      const until = clinicIn(ms);
      await commands.snoozeWork({ id, until });
      return until;
    },
    (until, isUndone) => {
      const when = dateTime(until, locale, timeZone);
      showUndo(t("Put off until {when}.", { when }), isUndone, () =>
        before && Date.parse(before) > clinicNow()
          ? commands.snoozeWork({ id, until: before })
          : commands.reopenWork({ id }),
      );
    },
  );
}

/** For how long it is put off. */
export function Later({
  label,
  isPending,
  onChoose,
}: {
  label: string;
  isPending: boolean;
  onChoose: (ms: number) => void;
}) {
  const { t } = useWords();
  return (
    <Menu
      target={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconClock size={14} aria-hidden />}
          loading={isPending}
        >
          {label}
        </Button>
      }
    >
      <MenuItem onClick={() => onChoose(HOUR_MS)}>{t("In an hour")}</MenuItem>
      <MenuItem onClick={() => onChoose(4 * HOUR_MS)}>{t("In four hours")}</MenuItem>
      <MenuItem onClick={() => onChoose(DAY_MS)}>{t("Tomorrow")}</MenuItem>
      <MenuItem onClick={() => onChoose(7 * DAY_MS)}>{t("In a week")}</MenuItem>
    </Menu>
  );
}
