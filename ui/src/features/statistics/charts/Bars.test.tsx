import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import Bars, { type BarsProps } from "./Bars";

const chart: BarsProps = {
  height: 260,
  series: [
    { key: "answered", label: "Answered", mark: "good" },
    { key: "failed", label: "Failed", mark: "bad" },
  ],
  bars: [
    { name: "1 Nov", parts: { answered: 3, failed: 1 } },
    { name: "2 Nov", note: "75% of 4", parts: { answered: 2, failed: 0 } },
  ],
  format: (value) => `${value} messages`,
};

const draw = (props: Partial<BarsProps>) =>
  render(
    <MantineProvider>
      <Bars {...chart} {...props} />
    </MantineProvider>,
  );

beforeEach(() => {
  // Everything is as large as a screen, but for the words the library measures.
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
    return this.tagName === "SPAN" ? new DOMRect(0, 0, 40, 12) : new DOMRect(0, 0, 800, 260);
  });
});

test("each part of a bar has a pattern of its own, and each bar its name", async () => {
  const { container } = draw({});
  expect(await screen.findByText("1 Nov")).toBeInTheDocument();
  const fills = new Set(
    [...container.querySelectorAll(".recharts-rectangle")].map((one) => one.getAttribute("fill")),
  );
  expect([...fills]).toEqual(["url(#mark-good)", "url(#mark-bad)"]);
});

test("a lying bar has its name and a line about it", async () => {
  draw({ lying: true, shares: true });
  expect(await screen.findByText("75% of 4")).toBeInTheDocument();
});

test("the bar under the pointer says its numbers in words", async () => {
  const { container } = draw({});
  await screen.findByText("1 Nov");
  const surface = container.querySelector(".recharts-wrapper");
  if (!surface) throw new Error("nothing was drawn");
  fireEvent.mouseMove(surface, { clientX: 200, clientY: 100 });
  expect(await screen.findByText("3 messages")).toBeInTheDocument();
});
