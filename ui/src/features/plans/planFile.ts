// A care plan as a file, to keep it or to hand it on. docs/care-plan-file.md describes the format.

import type { Protocol } from "../../bindings";
import { isObject, type WrongInFile } from "./fileChecks";
import { wrongInFile } from "./fileShape";
import { wrongLineOf } from "./jsonLines";
import { type PlanWritten, writtenOf } from "./written";

const FORMAT = "clinicue-care-plan";
const VERSION = 1;
/** Twice what the core takes in one body, in which the blanks of a file do not count. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** What is null is left out in a file. */
const withoutNulls = (key: string, value: unknown) => (value === null && key !== "" ? undefined : value);

/** A plan as the text of its file. */
export function fileOf(plan: Protocol): string {
  const { sender, ...written } = writtenOf(plan);
  const whole = { format: FORMAT, version: VERSION, ...written, ...(sender && { sender }) };
  return `${JSON.stringify(whole, withoutNulls, 2)}\n`;
}

/** A name for the file that every system takes. */
export const fileNameOf = (plan: Pick<Protocol, "name" | "version">): string => {
  // What names drives, folders or hidden files, and what does not show.
  const name = plan.name.replace(/[\s\p{C}/\\:*?"<>|]+/gu, " ").replace(/^[.\s]+|[.\s]+$/g, "");
  return `${[...name].slice(0, 80).join("") || "care plan"} v${plan.version}.json`;
};

export type Read =
  | { plan: PlanWritten }
  | { trouble: "tooLarge" | "noPlan" | "newer" }
  | { trouble: "noJson"; line: number }
  /** What is wrong, at its path; the text says on which line that is. */
  | { trouble: "wrong"; errors: WrongInFile[]; text: string };

/** Reads a file, as far as its form goes; what its parts say the core looks at. */
export function readPlan(text: string): Read {
  const json = text.replace(/^\uFEFF/, "");
  const line = wrongLineOf(json);
  if (line !== null) return { trouble: "noJson", line };
  const found: unknown = JSON.parse(json);
  if (!isObject(found) || found.format !== FORMAT) return { trouble: "noPlan" };
  if (typeof found.version === "number" && found.version > VERSION) return { trouble: "newer" };
  const errors = wrongInFile(found);
  if (errors.length > 0) return { trouble: "wrong", errors, text: json };
  const { format, version, ...plan } = found;
  // Its form is that of a plan: that was looked at just now.
  return { plan: plan as PlanWritten };
}

/** The same from a file that was chosen. */
export async function readPlanFile(file: File): Promise<Read> {
  if (file.size > MAX_FILE_BYTES) return { trouble: "tooLarge" };
  return readPlan(await file.text());
}
