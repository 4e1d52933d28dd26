import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { chooseLocale } from "../i18n";

const reading = vi.hoisted(() => {
  let open = () => {};
  const gate = { asked: 0, fails: false, wait: Promise.resolve(), shut: () => {}, open: () => open() };
  gate.shut = () => {
    gate.wait = new Promise((resolve) => {
      open = resolve;
    });
  };
  return gate;
});
vi.mock("./onDemand", async (original) => {
  const real = await original<typeof import("./onDemand")>();
  const onDemand: typeof real.onDemand = (read) =>
    real.onDemand(async () => {
      reading.asked += 1;
      await reading.wait;
      if (reading.fails) throw new Error("no answer");
      return read();
    });
  return { ...real, onDemand };
});

const ZONES = ["Asia/Bangkok", "Asia/Taipei", "Asia/Tokyo"];

beforeEach(async () => {
  await chooseLocale("en");
  vi.resetModules();
  // jsdom has none.
  Element.prototype.scrollIntoView = () => {};
  reading.asked = 0;
  reading.fails = false;
  reading.shut();
});

/** A form with the choice, whose list is not read yet. */
async function draw(
  shown: { value?: string | null; error?: string; onSearchChange?: (text: string) => void } = {},
) {
  const { SearchChoice } = await import("./SearchChoice");
  function Form() {
    const [zone, choose] = useState<string | null>(shown.value ?? null);
    return (
      <MantineProvider env="test">
        <input aria-label="Name" />
        <SearchChoice
          {...shown}
          label="Time zone"
          description="Guessed from this device."
          placeholder="The clinic's"
          required
          clearable
          clearButtonProps={{ "aria-label": "Clear" }}
          data={ZONES}
          value={zone}
          onChange={choose}
          data-path="timeZone"
        />
        <input aria-label="Telephone" />
        <p>Chosen: {zone ?? "none"}</p>
      </MantineProvider>
    );
  }
  const { container } = render(<Form />, {
    wrapper: ({ children }) => <I18nProvider i18n={i18n}>{children}</I18nProvider>,
  });
  return container;
}

const field = () => screen.getByRole<HTMLInputElement>("combobox", { name: /^Time zone/ });
const cameTo = () => waitFor(() => expect(field()).toHaveAttribute("aria-expanded", "true"));
const read = () => act(async () => reading.open());

/** What is drawn and said of the field, without what is drawn of the list. */
function drawn(container: HTMLElement): string {
  const copy = container.cloneNode(true) as HTMLElement;
  for (const one of copy.querySelectorAll("style, input[type=hidden], .mantine-Popover-dropdown"))
    one.remove();
  return copy.innerHTML;
}

test.each([
  ["chosen", { value: "Asia/Bangkok" }],
  ["not chosen", { value: null }],
  ["wrong", { value: "Asia/Bangkok", error: "No such zone." }],
])("it looks and says the same before its list is read, when it is %s", async (_, shown) => {
  const container = await draw(shown);
  const before = drawn(container);
  expect(field()).toHaveAttribute("aria-expanded", "false");
  expect(field()).toHaveAccessibleDescription(/Guessed from this device\./);
  expect(reading.asked).toBe(0);
  await userEvent.click(field());
  await read();
  await cameTo();
  await userEvent.click(screen.getByLabelText("Name"));
  await waitFor(() => expect(field()).toHaveAttribute("aria-expanded", "false"));
  expect(drawn(container)).toBe(before);
});

test("Tab leads to it; what is typed while the list is read goes on in it, and the focus stays", async () => {
  const sought = vi.fn();
  await draw({ value: "Asia/Bangkok", onSearchChange: sought });
  const lost = vi.fn();
  document.addEventListener("focusout", ({ relatedTarget }) => !relatedTarget && lost());
  await userEvent.click(screen.getByLabelText("Name"));
  lost.mockClear();
  await userEvent.tab();
  expect(field()).toHaveFocus();
  await userEvent.clear(field());
  await userEvent.keyboard("to");
  await read();
  await cameTo();
  expect(field()).toHaveFocus();
  expect(field()).toHaveValue("to");
  expect(sought).toHaveBeenLastCalledWith("to");
  await userEvent.keyboard("k");
  expect(field()).toHaveValue("tok");
  expect(within(screen.getByRole("listbox")).getAllByRole("option")).toHaveLength(1);
  await userEvent.keyboard("{ArrowDown}{Enter}");
  expect(screen.getByText("Chosen: Asia/Tokyo")).toBeVisible();
  expect(field()).toHaveValue("Asia/Tokyo");
  expect(lost).not.toHaveBeenCalled();
});

test("once read, it opens with the focus, and the arrows lead through the list", async () => {
  await draw({ value: "Asia/Bangkok" });
  await userEvent.hover(field());
  expect(reading.asked).toBe(1);
  await read();
  await userEvent.click(screen.getByLabelText("Name"));
  await userEvent.tab();
  await cameTo();
  expect(field()).toHaveFocus();
  expect(screen.getAllByRole("option")).toHaveLength(3);
  await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  await waitFor(() => expect(screen.queryByText("Chosen: Asia/Bangkok")).toBeNull());
  await userEvent.tab();
  expect(screen.getByLabelText("Telephone")).toHaveFocus();
});

test("who went on before the list came is not called back, and chose nothing", async () => {
  await draw({ value: "Asia/Bangkok" });
  await userEvent.click(field());
  await userEvent.keyboard("x");
  await userEvent.tab();
  await read();
  await waitFor(() => expect(document.querySelector("input[type=hidden]")).not.toBeNull());
  expect(screen.getByLabelText("Telephone")).toHaveFocus();
  expect(field()).toHaveValue("Asia/Bangkok");
  expect(field()).toHaveAttribute("aria-expanded", "false");
});

test("the caret stays, and a word that is being put together is not torn", async () => {
  await draw({ value: "Asia/Bangkok" });
  await userEvent.click(field());
  field().setSelectionRange(2, 4);
  fireEvent.compositionStart(field());
  await read();
  await act(() => new Promise((done) => setTimeout(done, 20)));
  expect(field()).toHaveAttribute("aria-expanded", "false");
  fireEvent.compositionEnd(field());
  await cameTo();
  expect([field().selectionStart, field().selectionEnd]).toEqual([2, 4]);
});

test("a list that cannot be read says so below its field, which stays, and is asked for again", async () => {
  reading.fails = true;
  await draw({ value: "Asia/Bangkok" });
  await userEvent.click(field());
  await read();
  await screen.findByText("This part could not be loaded.");
  expect(field()).toHaveValue("Asia/Bangkok");
  reading.fails = false;
  await act(() => userEvent.click(screen.getByRole("button", { name: "Try again" })));
  await userEvent.click(field());
  await cameTo();
});
