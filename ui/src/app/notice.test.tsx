import { waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { WorkItem } from "../bindings";
import { queryClient } from "../lib/live";
import { openApp } from "../testing/app";
import { aProtocolSummary, aStatus, aWorkItem, page } from "../testing/fixtures";

afterEach(() => vi.unstubAllGlobals());

test("a new urgent entry is said on the desktop, once and without a name", async () => {
  const raised = vi.fn();
  class Raised {
    static permission = "granted";
    constructor(title: string, { body }: NotificationOptions) {
      raised(title, body);
    }
  }
  vi.stubGlobal("Notification", Raised);
  let items: WorkItem[] = [{ ...aWorkItem, id: "seen", urgent: true }];
  const { asked, said } = await openApp("/plans", {
    status: () => ({ ...aStatus, notifyUrgent: true }),
    listProtocols: () => page(aProtocolSummary),
    listWorklist: () => page(...items),
  });
  await waitFor(() => expect(asked).toHaveBeenCalledWith("listWorklist", { limit: "20" }));
  // What stands in the first answer is not new.
  await waitFor(() => expect(queryClient.isFetching()).toBe(0));
  const fresh = { ...aWorkItem, patientName: "Somchai Jaidee" };
  items = [{ ...fresh, id: "new", urgent: true }, { ...fresh, id: "calm", urgent: false }, ...items];
  said("worklist");
  await waitFor(() => expect(raised).toHaveBeenCalledTimes(1));
  expect(raised.mock.calls[0]?.join(" ")).toMatch(/^A patient needs a person /);
  expect(raised.mock.calls[0]?.join(" ")).not.toMatch(/Somchai/);
});
