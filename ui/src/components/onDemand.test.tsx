import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { chooseLocale } from "../i18n";
import { Awaited, onDemand } from "./onDemand";

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  return chooseLocale("en");
});

const Greeting = ({ to }: { to: string }) => <p>Hello {to}</p>;

/** A part whose file is not there at first, and how often it was asked for. */
function partThatFails(times: number) {
  let asked = 0;
  const read = vi.fn(async () => {
    asked += 1;
    if (asked <= times) throw new TypeError("Failed to fetch dynamically imported module");
    return Greeting;
  });
  return { read, Part: onDemand(read) };
}

/** Shows it, and waits until what is read has come. */
const show = (children: ReactNode) =>
  act(async () => {
    render(
      <I18nProvider i18n={i18n}>
        <MantineProvider env="test">{children}</MantineProvider>
      </I18nProvider>,
    );
  });

const tryAgain = () => act(() => userEvent.click(screen.getByRole("button", { name: "Try again" })));

test("a part that cannot be read says so, and is read by the next try", async () => {
  const { Part, read } = partThatFails(1);
  await show(
    <Awaited waiting="Loading">
      <Part to="Nok" />
    </Awaited>,
  );
  expect(await screen.findByText("This part could not be loaded.")).toBeVisible();
  expect(screen.queryByText("Loading")).toBeNull();
  await tryAgain();
  expect(await screen.findByText("Hello Nok")).toBeVisible();
  expect(read).toHaveBeenCalledTimes(2);
});

test("where it fails again the page can be loaded anew, and it is said what that costs", async () => {
  const { Part } = partThatFails(2);
  await show(
    <Awaited instead={<p>The same as a table</p>}>
      <Part to="Nok" />
    </Awaited>,
  );
  await screen.findByText("This part could not be loaded.");
  expect(screen.getByText("The same as a table")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Load the page anew" })).toBeNull();
  await tryAgain();
  expect(await screen.findByRole("button", { name: "Load the page anew" })).toBeVisible();
  expect(screen.getByText(/What is not saved is lost by that/)).toBeVisible();
});

const isReading = () => document.documentElement.hasAttribute("data-reading");

test("while a part is read the page shows it, until the last is there or cannot be read", async () => {
  const given: ((part: typeof Greeting) => void)[] = [];
  const slow = () => onDemand(() => new Promise<typeof Greeting>((resolve) => given.push(resolve)));
  const [first, second] = [slow().preload(), slow().preload()];
  expect(isReading()).toBe(true);
  given[0]?.(Greeting);
  await first;
  expect(isReading()).toBe(true);
  given[1]?.(Greeting);
  await second;
  await expect.poll(isReading).toBe(false);
  const failed = partThatFails(1).Part.preload();
  expect(isReading()).toBe(true);
  await failed;
  await expect.poll(isReading).toBe(false);
});

test("who only looked ahead in vain is not told, and the part is read when it is needed", async () => {
  const { Part, read } = partThatFails(1);
  await Part.preload();
  await show(
    <Awaited>
      <Part to="Nok" />
    </Awaited>,
  );
  expect(await screen.findByText("Hello Nok")).toBeVisible();
  expect(read).toHaveBeenCalledTimes(2);
});
