import { expect, test, vi } from "vitest";
import { workerFor } from "./plugin";

const ORIGIN = "http://clinic:7700";
type Heard = {
  request: { url: string; method: string; mode: string };
  respondWith: (answer: unknown) => void;
};

/** The worker, which keeps `/` and one script; `server` answers what it asks. */
function start(server: () => Promise<Response>) {
  const heard: Record<string, (event: Heard) => void> = {};
  const self = {
    location: { origin: ORIGIN },
    addEventListener: (name: string, listener: (event: Heard) => void) => {
      heard[name] = listener;
    },
  };
  const match = async (of: string | { url: string }) => {
    const path = typeof of === "string" ? of : new URL(of.url).pathname;
    return path === "/" || path === "/assets/a.js" ? new Response(`kept ${path}`) : undefined;
  };
  const caches = { open: async () => ({ match }), match };
  const run = new Function("self", "caches", "fetch", workerFor(["/", "/assets/a.js"], "page"));
  run(self, caches, server);
  return async (path: string, { mode = "cors", method = "GET" } = {}) => {
    const respondWith = vi.fn();
    heard.fetch?.({ request: { url: ORIGIN + path, method, mode }, respondWith });
    const [answer] = respondWith.mock.calls[0] ?? [];
    return respondWith.mock.calls.length === 0 ? "not its own" : (await answer).text();
  };
}

const away = () => Promise.reject(new Error("nobody answers"));
const there = async () => new Response("from the server");

test("it has nothing to do with what the server says of patients", async () => {
  const ask = start(there);
  for (const path of ["/api/patients", "/api", "/u/token/a.png", "/m/ticket", "/webhook/line", "/healthz"])
    for (const mode of ["cors", "navigate", "no-cors"]) expect(await ask(path, { mode })).toBe("not its own");
  expect(await ask("/", { method: "POST" })).toBe("not its own");
});

test("a page is the server's newest, and the kept one where the server is away or broken", async () => {
  expect(await start(there)("/patients/1", { mode: "navigate" })).toBe("from the server");
  expect(await start(away)("/patients/1", { mode: "navigate" })).toBe("kept /");
  const broken = async () => new Response("bad gateway", { status: 502 });
  expect(await start(broken)("/patients/1", { mode: "navigate" })).toBe("kept /");
});

test("a sign-in link is not answered by a page that reaches nobody", async () => {
  expect(await start(away)("/signin?code=x", { mode: "navigate" })).toBe("not its own");
});

test("a script of this build is kept, one of another is the server's", async () => {
  expect(await start(away)("/assets/a.js")).toBe("kept /assets/a.js");
  expect(await start(there)("/assets/b.js")).toBe("from the server");
});

test("another build is another worker", () => {
  expect(workerFor(["/"], "page")).not.toBe(workerFor(["/"], "other page"));
  expect(workerFor(["/"], "page")).not.toContain("__");
});
