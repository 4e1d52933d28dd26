// A care plan as it was written, apart from any file: who only copies one reads nothing of files.

import type { CreateProtocol, Protocol, StepInput } from "../../bindings";

/** A plan that was written, wherever it lies. */
export type PlanWritten = Pick<
  CreateProtocol,
  "name" | "description" | "whenUnreachable" | "sender" | "steps"
>;

/** The newest version of a plan, without what belongs to this clinic's copy of it. */
export const writtenOf = ({ name, description, whenUnreachable, sender, steps }: Protocol): PlanWritten => ({
  name,
  description,
  whenUnreachable,
  sender,
  steps: steps.map(({ id, stepOrder, ...step }): StepInput => step),
});
