// What a role may do: each operation says the least role that may ask for it (`operations` and
// `STREAMS` of the bindings, from the core's one list).

import { operations, ROLES, type Role, STREAMS } from "../bindings";

const ASKED = { ...operations, ...STREAMS };

/** Something the core does, by its name there. */
export type Operation = keyof typeof ASKED;

/** Whether a role may ask for an operation; each role may do what those before it may. */
export const may = (role: Role, operation: Operation): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(ASKED[operation].role);
