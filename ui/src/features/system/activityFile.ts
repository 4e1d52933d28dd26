// The activity log as a file: everything that matches, read page by page.

import { type AuditEntry, commands, LIMITS, type ListActivity } from "../../bindings";
import type { Tell, Translate } from "../../i18n";
import { ACTIVITIES } from "../../labels";
import { csvOf } from "../../lib/csv";
import { readRows } from "../../lib/readRows";
import { wallOf } from "../../lib/zones";
import { changed, whoIn } from "../../sayings";

export type ActivityFilter = Pick<ListActivity, "action" | "actor" | "from" | "to">;

/** A spreadsheet still opens so many at once, and the program is asked 50 times for them. */
export const MAX_FILE_ROWS = 10_000;
const { maximum: limit } = LIMITS.ListActivity.limit;

type Taken = { rows: AuditEntry[]; isCut: boolean };

/** The newest rows first; null where it was stopped. */
export async function readActivity(
  filter: ActivityFilter,
  progress: (rows: number) => void,
  isStopped: () => boolean,
): Promise<Taken | null> {
  const ask = (cursor: string | null) => commands.listAudit({ ...filter, limit, cursor });
  const { rows, isMore } = await readRows(ask, MAX_FILE_ROWS, (read) => {
    if (!isStopped()) progress(read);
    return !isStopped();
  });
  return isStopped() ? null : { rows, isCut: isMore };
}

/** What an act changed, in the reader's words. */
export const changeOf = ({ change, detail }: AuditEntry, t: Translate, tell: Tell): string =>
  (change ? changed(change, t, tell) : detail) ?? "";

export function activityCsv(rows: AuditEntry[], timeZone: string, t: Translate, tell: Tell): string {
  const head = [
    t("Time at the clinic"),
    t("Time in UTC"),
    t("Who"),
    t("What was done"),
    t("What changed"),
    t("Id"),
  ];
  const lines = rows.map((entry) => [
    wallOf(Date.parse(entry.at), timeZone).replace("T", " "),
    entry.at,
    whoIn(entry.actor, t),
    t(ACTIVITIES[entry.action]),
    changeOf(entry, t, tell),
    entry.subject ?? "",
  ]);
  return csvOf([head, ...lines]);
}
