// The real app at one address, with a core that answers what the test says.

import { notifications } from "@mantine/notifications";
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import { App } from "../app/App";
import { routerWith } from "../app/router";
import {
  type commands,
  type FieldProblem,
  operations,
  type Problem,
  type RichMenu,
  type Topic,
} from "../bindings";
import { DialogBox } from "../components/Dialog";
import { chooseLocale } from "../i18n";
import { queryClient } from "../lib/live";
import { aStatus, page } from "./fixtures";

type Commands = typeof commands;
type Input<K extends keyof Commands> = Parameters<Commands[K]>[0];
type Output<K extends keyof Commands> = Awaited<ReturnType<Commands[K]>>;
/** What the core answers to each operation. */
export type Core = { [K in keyof Commands]?: (input: Input<K>) => Output<K> | Promise<Output<K>> };

/** Thrown by an answer, it is the core's refusal. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export const refuse =
  (detail: string, errors: FieldProblem[] = []) =>
  (): never => {
    throw new Refusal({ code: "conflict", status: 409, title: "", detail, errors });
  };

/** A rich menu that is off. */
export const noMenu: RichMenu = {
  state: "off",
  wanted: false,
  by: null,
  since: null,
  seenAt: null,
  waiting: 0,
  withCall: true,
  trouble: null,
  troubleStatus: null,
};

/** Opens the app at `path`; `said` tells it of a change as the core does. */
export async function openApp(path: string, core: Core) {
  queryClient.clear();
  notifications.clean();
  localStorage.clear();
  await chooseLocale("en");
  // A dialog opens at once; that it is read with the first is looked at in Dialog.test.tsx.
  await DialogBox.preload();
  let events: ReadableStreamDefaultController<Uint8Array> | undefined;
  const nobody = () => page();
  const answers: Record<string, (input: never) => unknown> = {
    status: () => aStatus,
    listStrangers: nobody,
    listWorklist: nobody,
    listAnswers: nobody,
    listTags: () => ({ items: [] }),
    lastSettled: () => ({ settled: null }),
    failedDeliveries: nobody,
    heldMessages: () => ({ items: [] }),
    openingStats: nobody,
    driftingPatients: () => ({ items: [], more: false, least: 2, days: 14 }),
    richMenu: () => noMenu,
    currentLinkCode: () => ({ current: null }),
    previewProtocol: () => ({ items: [], timeZone: aStatus.timeZone, more: false }),
    ...core,
  };
  const asked = vi.fn();
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    if (path === "/api/events") {
      const start = (stream: typeof events) => {
        events = stream;
      };
      return new Response(new ReadableStream({ start }));
    }
    if (path.startsWith("/api/media/") && !path.endsWith("/ticket")) {
      asked("media", path);
      return new Response("bytes", { headers: { "content-type": "image/png" } });
    }
    const [name, input] = operationAt(path, init);
    asked(name, input);
    const answer = answers[name];
    if (!answer) throw new Error(`the test has no answer to ${name}`);
    await late(name);
    try {
      return reply(200, "application/json", await answer(input as never));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return reply(error.problem.status, "application/problem+json", error.problem);
    }
  });
  const router = routerWith(createMemoryHistory({ initialEntries: [path] }));
  render(<App router={router} />);
  const said = (...topics: Topic[]) =>
    events?.enqueue(new TextEncoder().encode(`data: ${JSON.stringify({ topics })}\n\n`));
  return { asked, said, address: () => router.state.location.href };
}

const reply = (status: number, type: string, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": type } });

/** Which operation a request means, and its input. */
function operationAt(address: string, init: RequestInit): [name: string, input: object] {
  const { pathname, searchParams } = new URL(address, "http://clinic");
  for (const [name, { method, path }] of Object.entries(operations)) {
    const pattern = new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
    const found = pattern.exec(pathname);
    if (!found || method !== (init.method ?? "GET")) continue;
    const body = typeof init.body === "string" ? JSON.parse(init.body) : {};
    return [camelCase(name), { ...Object.fromEntries(searchParams), ...found.groups, ...body }];
  }
  throw new Error(`there is no operation at ${init.method} ${address}`);
}

const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * `ANSWERS=seed npm test -- ui` lets each operation answer up to 120 ms late, in another order for
 * each seed: what a test does not wait for is found that way.
 */
async function late(name: string) {
  const seed = process.env.ANSWERS;
  if (!seed) return;
  const ms = [...(seed + name)].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) >>> 0, 7) % 120;
  await new Promise((resolve) => setTimeout(resolve, ms));
}
