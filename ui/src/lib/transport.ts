// One way to the core: Tauri's calls in the window, HTTP in a browser. The generated client
// (`bindings.ts`) calls `invoke` and knows of neither.

import { ALL_TOPICS, operations, type Problem, type Refusal, type Topic } from "../bindings";
import { heardTime } from "./clock";
import { isAct, patienceFor, READ_MS, TooLate, within } from "./patience";
import { SECOND_MS } from "./units";

/** What this page says where the core does not answer. */
type NoWord = { code: "noAnswer" } | { code: "noAnswerInTime"; seconds: number } | { code: "outcomeUnknown" };

/** What the core says, or this page where the core does not answer. */
export type SaidProblem = Omit<Problem, "refusal"> & { refusal?: Refusal | NoWord | null };

/** A refusal or failure, as the core words it. */
export class ProblemError extends Error {
  constructor(readonly problem: SaidProblem) {
    super(problem.detail);
    this.name = "ProblemError";
  }
}

/** What Tauri puts into each page of the program, also into one that comes over HTTP. */
type Tauri = { __TAURI_INTERNALS__?: { metadata?: { currentWindow?: { label?: string } } } };

const tauri = (globalThis as Tauri).__TAURI_INTERNALS__;

/**
 * Whether this page runs in the app's own window. The window of the practice clinic has a page as a
 * browser has it.
 */
export const inWindow = tauri !== undefined && tauri.metadata?.currentWindow?.label !== "practice";

const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" && value !== null && "code" in value && "detail" in value;

const unreachable = (detail: string, refusal: NoWord = { code: "noAnswer" }): SaidProblem => ({
  code: "unavailable",
  status: 503,
  title: "Not reachable",
  detail,
  refusal,
});

/** After any of these an act may have been done all the same. */
const LEAVES_OPEN = new Set(["noAnswer", "noAnswerInTime", "tookTooLong"]);

/** What is known of an operation that came to no good end. */
function problemOf(name: string, error: unknown): SaidProblem {
  const problem = withoutName(error);
  return isAct(name) && LEAVES_OPEN.has(problem.refusal?.code ?? "")
    ? unreachable("No answer came; whether it was done is not known.", { code: "outcomeUnknown" })
    : problem;
}

function withoutName(error: unknown): SaidProblem {
  if (error instanceof ProblemError) return error.problem;
  if (isProblem(error)) return error;
  return error instanceof TooLate
    ? unreachable(error.message, { code: "noAnswerInTime", seconds: error.ms / SECOND_MS })
    : unreachable("Clinicue does not answer.");
}

/** Whether nobody knows if the act was done. */
export const isOpen = ({ problem }: ProblemError) => problem.refusal?.code === "outcomeUnknown";

type Fields = Record<string, unknown>;

/** Calls an operation by its name in the list of operations. */
export async function invoke<T>(name: string, args: { input?: object } = {}): Promise<T> {
  try {
    return await within(patienceFor(name, inWindow), (ended) =>
      inWindow ? callWindow<T>(name, args) : callHttp<T>(name, { ...args.input }, ended),
    );
  } catch (error) {
    throw new ProblemError(problemOf(name, error));
  }
}

async function callWindow<T>(name: string, args: { input?: object }): Promise<T> {
  const { invoke: call } = await import("@tauri-apps/api/core");
  return call<T>(name, { ...args });
}

async function callHttp<T>(name: string, input: Fields, signal: AbortSignal): Promise<T> {
  if (!(name in operations)) throw new ProblemError(unreachable(`There is no operation ${name}.`));
  const { method, path } = operations[name as keyof typeof operations];
  const rest: Fields = { ...input };
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = encodeURIComponent(String(rest[field]));
    delete rest[field];
    return value;
  });
  const inQuery = method === "GET";
  const response = inQuery
    ? await request(filled + queryOf(rest), { signal })
    : await request(filled, { method, body: JSON.stringify(rest), signal });
  const answer: unknown = await response.json();
  // Health answers 503 with its findings; only a problem is a refusal.
  if (response.headers.get("content-type")?.startsWith("application/problem+json") && isProblem(answer)) {
    throw new ProblemError(answer);
  }
  return answer as T;
}

// The session's second secret lies where only this origin, its port included, can read it:
// the cookie alone goes to every port of this machine. Every tab of this origin has it, until
// the session is over.
const PAGE_SECRET = "clinicue.page";

/** Asks the server, as the session of this page. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const sent = Date.now();
  const response = await fetch(path, {
    credentials: "same-origin",
    ...init,
    headers: { ...(init.body ? { "content-type": "application/json" } : {}), ...pageHeaders() },
  });
  heardTime(response.headers.get("date"), sent, Date.now());
  return response;
}

/** What each request of this page carries. */
export function pageHeaders(): Record<string, string> {
  const secret = localStorage.getItem(PAGE_SECRET);
  return secret ? { "x-clinicue-page": secret } : {};
}

/** The refusal in the text of an answer. */
export function problemIn(text: string): SaidProblem {
  try {
    const answer: unknown = JSON.parse(text);
    if (isProblem(answer)) return answer;
  } catch {
    // Nobody who knows us answered.
  }
  return unreachable("Clinicue does not answer.");
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
  const ended = new AbortController();
  void listen(listener, ended.signal);
  return () => ended.abort();
}

/** The server says at least every 15 s that it is still there. */
const SILENCE_MS = 45_000;

/** Listens over HTTP, again and again. (EventSource cannot send the page's secret.) */
async function listen(listener: (topics: Topic[]) => void, ended: AbortSignal): Promise<void> {
  for (let first = true; !ended.aborted; first = false) {
    const round = new AbortController();
    const { signal } = round;
    ended.addEventListener("abort", () => round.abort(), { signal });
    try {
      const response = await within(READ_MS, () => request("/api/events", { signal }));
      // What changed meanwhile was not heard; whoever is signed out sees it by this, too.
      if (!first) listener([...ALL_TOPICS]);
      if (response.ok && response.body) await hear(response.body, listener);
    } catch {
      // Nobody answers: the same as a stream that ended.
    }
    round.abort();
    if (!ended.aborted) await new Promise((resolve) => setTimeout(resolve, 3_000));
  }
}

async function hear(body: ReadableStream<Uint8Array<ArrayBuffer>>, listener: (topics: Topic[]) => void) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await within(SILENCE_MS, () => reader.read());
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data:")) continue;
      const { topics }: { topics: Topic[] } = JSON.parse(line.slice(5));
      listener(topics);
    }
  }
}

/** Begins a session with a token or the code of a sign-in link; only in a browser. */
export async function beginSession(by: { token: string } | { code: string }): Promise<void> {
  const body = JSON.stringify(by);
  try {
    await within(READ_MS, async (signal) => {
      const response = await request("/api/session", { method: "POST", body, signal });
      const answer: unknown = await response.json();
      if (!response.ok) throw answer;
      if (typeof answer === "object" && answer !== null && "pageSecret" in answer) {
        localStorage.setItem(PAGE_SECRET, String(answer.pageSecret));
      }
    });
  } catch (error) {
    throw new ProblemError(withoutName(error));
  }
}

/** Follows a sign-in link, if this page was opened by one; only in a browser. */
export async function followSignInLink(): Promise<void> {
  if (location.pathname !== "/signin") return;
  const code = new URLSearchParams(location.search).get("code") ?? "";
  const came = await beginSession({ code }).then(
    () => "/",
    // Where nobody answered, the link may be as good as it was.
    ({ problem }: ProblemError) => (problem.status >= 500 ? "/?signin=unanswered" : "/?signin=used"),
  );
  // The code is used up; it need not stay in sight.
  history.replaceState(null, "", came);
}

/** Ends the session; only in a browser. */
export async function endSession(): Promise<void> {
  await within(READ_MS, (signal) => request("/api/session", { method: "DELETE", signal }));
  localStorage.removeItem(PAGE_SECRET);
}
