import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { ALL_TOPICS, commands } from "../bindings";
import { beginSession, endSession, followSignInLink, ProblemError, subscribe } from "./transport";
import { SECOND_MS } from "./units";

function answering(status: number, body: unknown, type = "application/json") {
  const fetched = vi.fn(
    async (_path: string, _init: RequestInit) =>
      new Response(JSON.stringify(body), { status, headers: { "content-type": type } }),
  );
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

describe("a call over HTTP", () => {
  it("puts the parts of the path, the query and the body where they belong", async () => {
    const fetched = answering(200, {});
    await commands.updatePatient({ id: "a/b", displayName: "ข้าว" });
    expect(fetched.mock.calls[0]?.[0]).toBe("/api/patients/a%2Fb");
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: "PATCH", body: '{"displayName":"ข้าว"}' });
    await commands.listPatients({ search: "a b", cursor: null });
    expect(fetched.mock.calls[1]?.[0]).toBe("/api/patients?search=a+b");
  });

  it("throws the core's problem", async () => {
    answering(
      404,
      { code: "not_found", status: 404, title: "Not found", detail: "there is no patient x" },
      "application/problem+json",
    );
    await expect(commands.getPatient({ id: "x" })).rejects.toThrow("there is no patient x");
  });

  it("reads a 503 of the health check as its findings", async () => {
    answering(503, { status: "unhealthy", checks: [], timestamp: "" });
    expect((await commands.jobsHealth({})).status).toBe("unhealthy");
  });

  it("says so when nobody answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
    const failed = await commands.status({}).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ProblemError);
    expect((failed as ProblemError).problem.code).toBe("unavailable");
  });
});

/** The problem of a call that comes to no good end. */
const problemOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => (error instanceof ProblemError ? error.problem : error),
  );

describe("a call that nobody answers", () => {
  let ended: AbortSignal | null | undefined;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", (_path: string, init: RequestInit) => {
      ended = init.signal;
      return new Promise(() => {});
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is given up after a while, where it only asks, and its request with it", async () => {
    const asked = problemOf(commands.today({}));
    await vi.advanceTimersByTimeAsync(19_000);
    expect(ended?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(SECOND_MS);
    expect(ended?.aborted).toBe(true);
    expect(await asked).toMatchObject({ status: 503, refusal: { code: "noAnswerInTime", seconds: 20 } });
  });

  it("is waited for longer where it is an act, of which nobody then says that it was not done", async () => {
    const heard = vi.fn();
    const asked = problemOf(commands.retryMessage({ id: "m" }));
    asked.then(heard);
    await vi.advanceTimersByTimeAsync(89_000);
    expect(heard).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(SECOND_MS);
    expect(await asked).toMatchObject({ refusal: { code: "outcomeUnknown" } });
  });

  it("changed nothing, where it only asked in a body", async () => {
    const asked = problemOf(commands.checkSteps({ steps: [] }));
    await vi.advanceTimersByTimeAsync(90_000);
    expect(await asked).toMatchObject({ refusal: { code: "noAnswerInTime" } });
  });

  it("leaves a sign-in link as good as it may be", async () => {
    history.replaceState(null, "", "/signin?code=abc");
    const followed = followSignInLink();
    await vi.advanceTimersByTimeAsync(20_000);
    await followed;
    expect(location.search).toBe("?signin=unanswered");
  });
});

test("an act that was cut off, or took the core too long, may have been done", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("the connection ended")));
  expect(await problemOf(commands.cancelMessage({ id: "m" }))).toMatchObject({
    refusal: { code: "outcomeUnknown" },
  });
  const refusal = { code: "tookTooLong" };
  answering(503, { code: "unavailable", status: 503, detail: "", refusal }, "application/problem+json");
  expect(await problemOf(commands.cancelMessage({ id: "m" }))).toMatchObject({
    refusal: { code: "outcomeUnknown" },
  });
  // A read that took too long is that, and no more.
  expect(await problemOf(commands.today({}))).toMatchObject({ refusal });
});

const headersOf = (fetched: ReturnType<typeof answering>, call: number) =>
  new Headers(fetched.mock.calls[call]?.[1].headers);

describe("a session in a browser", () => {
  it("gives the page's secret with each call, until it ends", async () => {
    const fetched = answering(200, { pageSecret: "only here" });
    await beginSession({ token: "t" });
    await commands.status({});
    expect(headersOf(fetched, 0).has("x-clinicue-page")).toBe(false);
    expect(headersOf(fetched, 1).get("x-clinicue-page")).toBe("only here");
    await endSession();
    await commands.status({});
    expect(headersOf(fetched, 3).has("x-clinicue-page")).toBe(false);
  });

  it("begins by a sign-in link, whose code does not stay in the address", async () => {
    const fetched = answering(200, { pageSecret: "s" });
    history.replaceState(null, "", "/signin?code=abc");
    await followSignInLink();
    expect(fetched.mock.calls[0]?.[1].body).toBe('{"code":"abc"}');
    expect(location.pathname + location.search).toBe("/");
    answering(401, { code: "unauthenticated", detail: "used" });
    history.replaceState(null, "", "/signin?code=abc");
    await followSignInLink();
    expect(location.search).toBe("?signin=used");
  });

  it("listens anew where the stream has gone silent", async () => {
    vi.useFakeTimers();
    const fetched = vi.fn(async (_path: string, _init: RequestInit) => new Response(new ReadableStream()));
    vi.stubGlobal("fetch", fetched);
    const heard = vi.fn();
    const stop = subscribe(heard);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(fetched).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(fetched).toHaveBeenCalledTimes(2);
    expect(fetched.mock.calls[0]?.[1].signal?.aborted).toBe(true);
    // What changed meanwhile is looked for.
    expect(heard).toHaveBeenCalledWith([...ALL_TOPICS]);
    stop();
    vi.useRealTimers();
  });

  it("hears what changes, also when it comes in pieces", async () => {
    const pieces = ['event: changed\ndata: {"top', 'ics":["jobs"]}\n\n: still here\n\n'];
    const body = new ReadableStream({
      start: (stream) => {
        for (const piece of pieces) stream.enqueue(new TextEncoder().encode(piece));
      },
    });
    vi.stubGlobal("fetch", async () => new Response(body));
    const heard = await new Promise((resolve) => subscribe(resolve));
    expect(heard).toEqual(["jobs"]);
  });
});
