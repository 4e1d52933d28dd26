// The fields of a step's trigger, apart from what reads and says it: a page that names triggers has
// none. Times of day are what most steps have; the rarer fields are read where a step has them.

import type { ReactNode } from "react";
import { TimesField, WeekdaysField } from "../../components/clock";
import { Loading } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { DayFields } from "./DayFields";
import type { Input, Words } from "./pace";
import type { TriggerDrafts, TriggerWay } from "./triggers";

const DelayFields = onDemand(async () => (await import("./RarerTriggerFields")).DelayFields);
const HourlyFields = onDemand(async () => (await import("./RarerTriggerFields")).HourlyFields);
const CronFields = onDemand(async () => (await import("./RarerTriggerFields")).CronFields);

const FIELDS: {
  [W in TriggerWay]: (draft: TriggerDrafts[W], input: Input, words: Words) => ReactNode;
} = {
  immediate: () => null,
  delay: (_, input) => (
    <Awaited key="delay" waiting={<Loading rows={1} />}>
      <DelayFields input={input} />
    </Awaited>
  ),
  scheduled: (draft, input, words) => <DayFields draft={draft} input={input} words={words} />,
  weekdays: (_, input) => (
    <>
      <WeekdaysField input={input("days")} />
      <TimesField input={input("times")} />
    </>
  ),
  hourly: (_, input) => (
    <Awaited key="hourly" waiting={<Loading rows={1} />}>
      <HourlyFields input={input} />
    </Awaited>
  ),
  cron: (draft, input) => (
    <Awaited key="cron" waiting={<Loading rows={2} />}>
      <CronFields draft={draft} input={input} />
    </Awaited>
  ),
};

/** The fields of a trigger; `input` binds one by its name. */
export const triggerFields = <W extends TriggerWay>(
  way: W,
  drafts: TriggerDrafts,
  input: Input,
  words: Words,
): ReactNode => FIELDS[way](drafts[way], input, words);
