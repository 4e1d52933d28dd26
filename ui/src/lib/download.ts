// Files: the interaction log is streamed into memory with its progress in a browser, written
// to the folder for downloads by the core in the window; so are texts of the page.

import { commands, type ExportInteractions, type Task } from "../bindings";
import { inWindow, ProblemError, request } from "./transport";
import { MINUTE_MS } from "./units";

export type Progress = { done: number; total: number };

/** Takes an export; says where it lies, or nothing where the browser decides. */
export async function takeExport(
  input: ExportInteractions,
  progress: (p: Progress) => void,
): Promise<string | null> {
  return inWindow ? inTheWindow(input, progress) : inTheBrowser(input, progress);
}

async function inTheWindow(input: ExportInteractions, progress: (p: Progress) => void) {
  const { taskId, path } = await commands.saveExport(input);
  for (;;) {
    const task = await commands.getTask({ id: taskId });
    progress({ done: task.done, total: task.total });
    if (task.state === "done") return path;
    if (task.state === "failed") throw broken(task);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function inTheBrowser(input: ExportInteractions, progress: (p: Progress) => void) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) if (value) query.set(name, String(value));
  const response = await request(`/api/interactions/export?${query}`);
  if (!response.ok || !response.body) throw new ProblemError(await response.json());
  const total = Number(response.headers.get("x-total-rows") ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  let done = 0;
  for (;;) {
    const { value, done: end } = await reader.read();
    if (end) break;
    parts.push(value);
    for (const byte of value) if (byte === 10) done += 1;
    progress({ done: Math.min(done, total), total });
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  save(name ?? "interactions.csv", new Blob(parts));
  return null;
}

function save(name: string, file: Blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), MINUTE_MS);
}

/** Saves a text as a file; says where it lies, or nothing where the browser decides. */
export async function saveText(
  name: string,
  text: string,
  type = "application/json",
): Promise<string | null> {
  if (inWindow) return commands.saveText({ fileName: name, text });
  save(name, new Blob([text], { type }));
  return null;
}

const broken = ({ problem, refusal }: Task) =>
  new ProblemError({ code: "unavailable", status: 503, title: "Not whole", detail: problem ?? "", refusal });
