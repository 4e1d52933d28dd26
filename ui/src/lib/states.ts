// The groups of states a message goes through, each under the core's own name for it
// (`domain/delivery.rs`, `domain/stage.rs`). The core does not tell them yet.

import type { MessageState, Stage } from "../bindings";
import { namesOf } from "../labels";

type Group = "open" | "waiting" | "hindered" | "attention";

/** A state that is new in the core does not compile until it is said here where it belongs. */
const STATES = {
  scheduled: { stage: "coming", groups: ["open", "waiting"] },
  queued: { stage: "coming", groups: ["open"] },
  retrying: { stage: "coming", groups: ["open", "waiting", "hindered"] },
  held: { stage: "held", groups: ["open", "waiting", "hindered"] },
  sent: { stage: "sent", groups: [] },
  failed: { stage: "failed", groups: ["attention"] },
  review: { stage: "failed", groups: ["attention"] },
  cancelled: { stage: "cancelled", groups: [] },
} satisfies Record<MessageState, { stage: Stage; groups: Group[] }>;

/** In which of the lists a message that stands so is found. */
export const stageOf = (state: MessageState): Stage => STATES[state].stage;

const allIn = (group: Group): ReadonlySet<MessageState> =>
  new Set(namesOf(STATES).filter((state) => STATES[state].groups.some((one) => one === group)));

/** Not sent yet, and still to be sent by itself. */
export const OPEN = allIn("open");
/** Open, and in no queue: for a time or an act. */
export const WAITING = allIn("waiting");
/** Waiting because something hindered it, not because its time has not come. */
export const HINDERED = allIn("hindered");
/** A person has to look at it. */
export const ATTENTION = allIn("attention");
