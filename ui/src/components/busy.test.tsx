import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { chooseLocale } from "../i18n";
import { BusyButton } from "./busy";

beforeEach(() => chooseLocale("en"));

function show(onClick: () => unknown) {
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider env="test">
        <BusyButton onClick={onClick}>Add patient</BusyButton>
      </MantineProvider>
    </I18nProvider>,
  );
  return screen.getByRole("button", { name: "Add patient" });
}

/** A part that is there once it is given. */
function slowPart() {
  let give = () => {};
  const read = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { preload: vi.fn(() => read), give: () => give() };
}

test("while its part is read a button is busy, and a second press does nothing", async () => {
  const { preload, give } = slowPart();
  const opened = vi.fn();
  const button = show(() => preload().then(opened));
  await userEvent.dblClick(button);
  await expect.poll(() => button.hasAttribute("data-loading")).toBe(true);
  expect(button).toBeDisabled();
  await userEvent.click(button);
  expect(preload).toHaveBeenCalledOnce();
  expect(opened).not.toHaveBeenCalled();
  give();
  await expect.poll(() => button.hasAttribute("data-loading")).toBe(false);
  expect(button).toBeEnabled();
  expect(opened).toHaveBeenCalledOnce();
  await userEvent.click(button);
  await expect.poll(() => opened.mock.calls.length).toBe(2);
});

test("where the part is there already nothing flickers", async () => {
  const opened = vi.fn();
  const button = show(() => Promise.resolve().then(opened));
  const wasBusy = vi.fn();
  const watch = new MutationObserver(() => button.hasAttribute("data-loading") && wasBusy());
  watch.observe(button, { attributes: true });
  await userEvent.click(button);
  await expect.poll(() => opened.mock.calls.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 0));
  watch.disconnect();
  expect(wasBusy).not.toHaveBeenCalled();
});
