import { afterEach, describe, expect, it, vi } from "vitest";
import { commands } from "../bindings";
import { beginSession, endSession, followSignInLink, ProblemError, subscribe } from "./transport";

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
