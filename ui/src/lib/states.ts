// The groups of states a message goes through, as the core tells them.

import { type MessageState, STATE_GROUPS, type Stage } from "../bindings";
import { namesOf } from "../labels";

const { stages, groups } = STATE_GROUPS;

const setOf = (states: readonly MessageState[]): ReadonlySet<MessageState> => new Set(states);

// Each state is in one stage; a test of the core holds that.
const STAGE_OF = Object.fromEntries(
  namesOf(stages).flatMap((stage) => stages[stage].map((state) => [state, stage])),
) as Record<MessageState, Stage>;

/** The list in which a message in this state is found. */
export const stageOf = (state: MessageState): Stage => STAGE_OF[state];

/** Not sent yet, and still to be sent by itself. */
export const OPEN = setOf(groups.open);
/** Open, and in no queue: for a time or an act. */
export const WAITING = setOf(groups.waiting);
/** Waiting because something hindered it, not because its time has not come. */
export const HINDERED = setOf(groups.hindered);
/** A person has to look at it. */
export const ATTENTION = setOf(groups.attention);
