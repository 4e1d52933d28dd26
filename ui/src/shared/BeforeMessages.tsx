// Before an act on many messages: what will happen, in numbers of the core. The set is the one it
// saw when this was shown; what comes later is not swept in.

import { Button, Group, List, Stack, Text } from "@mantine/core";
import { useRef, useState } from "react";
import type { LookedAtMessages, MessageAction, NotActedOn, Outlook } from "../bindings";
import { useClinic } from "../components/clinic";
import { Dialog } from "../components/Dialog";
import { GoesOutAt } from "../components/GoesOutAt";
import { Loading, Problem, When } from "../components/kit";
import { type Asked, MANY, type ManyAct } from "../components/manyActs";
import type { Label, Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { CAUSES, MESSAGE_STATES, NO_CAUSE } from "../labels";
import { clinicNow } from "../lib/clock";
import { clockTime, dateTime } from "../lib/format";
import { useLook } from "../lib/looked";
import { ATTENTION, HINDERED } from "../lib/states";
import { instantOf } from "../lib/zones";
import { useGetSettings } from "../queries";
import { useObstacleForAll } from "./obstacle";

type Acts = {
  onClose: () => void;
  /** `at` is the other time, where one was chosen. */
  onGo: (act: ManyAct, looked: LookedAtMessages, at: string | null) => void;
};

export function BeforeMessages({ asked, ...acts }: Acts & { asked: Asked | null }) {
  const { t } = useWords();
  // While it closes it still says what it was about.
  const last = useRef(asked);
  if (asked) last.current = asked;
  const about = last.current;
  // Who goes back to choose others finds the time again.
  const [wall, setWall] = useState("");
  if (!about) return null;
  const onGo: Acts["onGo"] = (...what) => {
    setWall("");
    acts.onGo(...what);
  };
  return (
    <Dialog
      opened={!!asked}
      onClose={acts.onClose}
      size="lg"
      title={t(MANY[about.act].title)}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Look key={about.askedAt} asked={about} time={{ wall, setWall }} {...acts} onGo={onGo} />
    </Dialog>
  );
}

/** The other time, as it is written. */
type Time = { time: { wall: string; setWall: (wall: string) => void } };

function Look({ asked, ...acts }: Acts & Time & { asked: Asked }) {
  const { act, meant, askedAt } = asked;
  // Never looked at again: what is shown is what is done.
  const look = useLook(MANY[act].action, meant, { staleTime: "static", gcTime: 0 }, askedAt);
  return (
    <>
      <Problem error={look.error} again={look.refetch} />
      {look.isLoading && <Loading />}
      {look.data && <Seen act={act} looked={look.data} {...acts} />}
    </>
  );
}

type Shown = { act: ManyAct; looked: LookedAtMessages };

const HOLDING: Partial<Record<ManyAct, Label>> = {
  hold: "They wait until somebody releases them. What is too old by then waits for a decision.",
  release: "Each goes at its time, or at once where that is past.",
};

function Seen({ act, looked, time, onClose, onGo }: Shown & Acts & Time) {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const written = act === "move" ? instantOf(time.wall, timeZone) : null;
  const at = written !== null && Date.parse(written) > clinicNow() ? written : null;
  const { can, go, action } = MANY[act];
  const n = looked.ids.length;
  const isReady = act !== "move" || at !== null;
  return (
    <Stack>
      <div>
        <Text>{n > 0 ? t(can, { n }) : t("None of them takes this now.")}</Text>
        <AsOf looked={looked} />
      </div>
      {looked.others.length > 0 && <Others action={action} others={looked.others} />}
      {n > 0 && act === "move" && <OtherTime {...time} />}
      {n > 0 && (act === "retry" || act === "now") && <WhenTheyGo outlook={looked.outlook} />}
      {n > 0 && HOLDING[act] && <Text size="sm">{t(HOLDING[act])}</Text>}
      {n > 0 && act === "retry" && (
        <Text size="sm">{t("What LINE has already it recognises: nobody gets it twice.")}</Text>
      )}
      {n > 0 && action === "cancel" && <Gone repetitions={looked.repetitions} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {n > 0 ? t("Back") : t("Close")}
        </Button>
        {n > 0 && (
          <Button
            color={action === "cancel" ? "red.9" : undefined}
            disabled={!isReady}
            onClick={() => onGo(act, looked, at)}
          >
            {t(go, { n })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function AsOf({ looked: { asOf, more, matched } }: Pick<Shown, "looked">) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  return (
    <>
      <Text size="sm" c="dimmed">
        {t("As of {time}. What comes later is not among them.", { time: clockTime(asOf, locale, timeZone) })}
      </Text>
      {more && (
        <Text size="sm" fw={600}>
          {t("There are more than {n}: these are the ones due first. Do the same again for the others.", {
            n: matched,
          })}
        </Text>
      )}
    </>
  );
}

/** Why it leaves some alone, and what helps instead, where the core says so. */
function whyNot(action: MessageAction, { state, cause, ...one }: NotActedOn, t: Translate) {
  const { label, failed } = cause ? CAUSES[cause] : NO_CAUSE;
  if (one.followUpOver) return { why: t("their follow-up was cancelled") };
  if (one.maybeSentLongAgo)
    return { why: t("LINE may have sent them long ago; the patient could get them twice") };
  if (ATTENTION.has(state))
    return { why: t(label), helps: action === "retry" && failed ? t(failed) : undefined };
  if (one.repeats && action === "move") return { why: t("the time is that of their repetition") };
  const stands = t(MESSAGE_STATES[state].label);
  const isHeld = cause && HINDERED.has(state);
  return { why: isHeld ? t("{place}: {words}", { place: stands, words: t(label) }) : stands };
}

function Others({ action, others }: { action: MessageAction; others: NotActedOn[] }) {
  const { t } = useWords();
  return (
    <div>
      <Text>
        {t("{n, plural, one {# stays as it is:} other {# stay as they are:}}", {
          n: others.reduce((sum, { count }) => sum + count, 0),
        })}
      </Text>
      <List size="sm">
        {others.map((one) => {
          const { why, helps } = whyNot(action, one, t);
          return (
            <List.Item key={JSON.stringify(one)}>
              {t("{why}: {n, plural, one {# message} other {# messages}}", { why, n: one.count })}
              {helps && <Text size="sm">{helps}</Text>}
            </List.Item>
          );
        })}
      </List>
    </div>
  );
}

/** When those go that are sent: not while something holds all of it. */
function WhenTheyGo({ outlook }: { outlook: Outlook[] }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const obstacle = useObstacleForAll();
  const said = ({ cause, until, count: n }: Outlook) => {
    if (!cause && !obstacle)
      return t("{n, plural, one {# goes out at once} other {# go out at once, one after the other}}", { n });
    const why = cause ? t(CAUSES[cause].label) : obstacle ? t(obstacle.label) : "";
    const waits = t("{n, plural, one {# waits} other {# wait}}: {why}", { n, why });
    if (!until) return waits;
    const when = dateTime(until, locale, timeZone);
    return n === 1
      ? t("{words}; it goes out {when}", { words: waits, when })
      : t("{words}; the first goes out {when}", { words: waits, when });
  };
  return (
    <div>
      <Text>{t("When they go out:")}</Text>
      <List size="sm">
        {outlook.map((one) => (
          <List.Item key={one.cause}>
            {said(one)}
            <Release {...one} />
          </List.Item>
        ))}
      </List>
      {obstacle?.hint && <Text size="sm">{t(obstacle.hint)}</Text>}
    </div>
  );
}

/** What lets them go, where time alone does not. */
function Release({ cause, until }: Outlook) {
  const { t } = useWords();
  const held = cause && !until ? CAUSES[cause].held : undefined;
  return held ? <Text size="sm">{t(held)}</Text> : null;
}

/** What is cancelled comes no more, nor what would follow it. */
function Gone({ repetitions: n }: Pick<LookedAtMessages, "repetitions">) {
  const { t } = useWords();
  return (
    <div>
      <Text size="sm">{t("This cannot be undone, and the patients are not told.")}</Text>
      {n > 0 && (
        <Text size="sm" fw={600}>
          {t(
            "{n, plural, one {# repetition ends} other {# repetitions end}} with it: nothing more of it is sent.",
            {
              n,
            },
          )}
        </Text>
      )}
    </div>
  );
}

/** One time for all of them, of the clinic's clock; only one that is to come. */
function OtherTime({ wall, setWall }: Time["time"]) {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const quiet = useGetSettings({}).data?.quietHours;
  const at = instantOf(wall, timeZone);
  const isOver = at !== null && Date.parse(at) <= clinicNow();
  return (
    <Stack gap={4}>
      <GoesOutAt wall={wall} setWall={setWall} error={isOver && t("This time has passed.")} data-autofocus />
      {at && !isOver && (
        <Text size="sm" component="div">
          <When at={at} />
        </Text>
      )}
      {quiet && !quiet.silently && (
        <Text size="sm">
          {t("Where it is between {start} and {end} for the patient, they wait until {end}: quiet hours.", {
            start: quiet.start,
            end: quiet.end,
          })}
        </Text>
      )}
    </Stack>
  );
}
