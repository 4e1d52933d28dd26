// One way to the core: Tauri's calls in the window, HTTP in a browser. The generated client
// (`bindings.ts`) calls `invoke` and knows of neither.

import { operations, type Problem, type Topic } from "../bindings";

/** A refusal or failure, as the core words it. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
  }
}

/** Whether this page runs in the app's own window. */
export const inWindow = "__TAURI_INTERNALS__" in globalThis;

const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" && value !== null && "code" in value && "detail" in value;

const unreachable = (detail: string): Problem => ({
  code: "unavailable",
  status: 503,
  title: "Not reachable",
  detail,
});

type Fields = Record<string, unknown>;

/** Calls an operation by its name in the list of operations. */
export async function invoke<T>(name: string, args: { input: object }): Promise<T> {
  try {
    return inWindow ? await callWindow<T>(name, args) : await callHttp<T>(name, { ...args.input });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(isProblem(error) ? error : unreachable("Clinicue does not answer."));
  }
}

async function callWindow<T>(name: string, args: { input: object }): Promise<T> {
  const { invoke: call } = await import("@tauri-apps/api/core");
  return call<T>(name, { ...args });
}

async function callHttp<T>(name: string, input: Fields): Promise<T> {
  if (!(name in operations)) throw new ProblemError(unreachable(`There is no operation ${name}.`));
  const { method, path } = operations[name as keyof typeof operations];
  const rest: Fields = { ...input };
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = encodeURIComponent(String(rest[field]));
    delete rest[field];
    return value;
  });
  const inQuery = method === "GET";
  const response = await fetch(inQuery ? filled + queryOf(rest) : filled, {
    method,
    credentials: "same-origin",
    ...(inQuery ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(rest) }),
  });
  const answer: unknown = await response.json();
  // Health answers 503 with its findings; only a problem is a refusal.
  if (response.headers.get("content-type")?.startsWith("application/problem+json") && isProblem(answer)) {
    throw new ProblemError(answer);
  }
  return answer as T;
}

function queryOf(fields: Fields): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text && `?${text}`;
}

/** Calls `listener` with the topics that changed, until the returned function is called. */
export function subscribe(listener: (topics: Topic[]) => void): () => void {
  if (inWindow) {
    const stop = import("@tauri-apps/api/event").then(({ listen }) =>
      listen<{ topics: Topic[] }>("changed", (event) => listener(event.payload.topics)),
    );
    return () => void stop.then((end) => end());
  }
  const source = new EventSource("/api/events");
  source.addEventListener("changed", (event) => {
    const { topics }: { topics: Topic[] } = JSON.parse(event.data);
    listener(topics);
  });
  return () => source.close();
}

/** Begins a session with a token; only in a browser. */
export async function beginSession(token: string): Promise<void> {
  const response = await fetch("/api/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) {
    const answer: unknown = await response.json();
    throw new ProblemError(isProblem(answer) ? answer : unreachable("Clinicue does not answer."));
  }
}

/** Ends the session; only in a browser. */
export async function endSession(): Promise<void> {
  await fetch("/api/session", { method: "DELETE" });
}
