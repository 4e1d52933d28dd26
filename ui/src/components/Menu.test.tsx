import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Menu, MenuItem } from "./Menu";

const open = async () => {
  const acts = { pause: vi.fn(), cancel: vi.fn() };
  render(
    <MantineProvider>
      <Menu target={<button type="button">More</button>}>
        <MenuItem onClick={acts.pause}>Pause</MenuItem>
        <MenuItem onClick={acts.cancel}>Cancel</MenuItem>
      </Menu>
      <button type="button">Elsewhere</button>
    </MantineProvider>,
  );
  const button = screen.getByRole("button", { name: "More" });
  await userEvent.tab();
  await userEvent.keyboard("{Enter}");
  return { acts, button };
};

const item = (name: string) => screen.getByRole("menuitem", { name });

test("arrows, Home and End go round the acts, and Enter chooses one", async () => {
  const { acts, button } = await open();
  expect(button).toHaveAttribute("aria-expanded", "true");
  expect(screen.getByRole("menu", { name: "More" })).toContainElement(item("Pause"));
  expect(item("Pause")).toHaveFocus();
  await userEvent.keyboard("{ArrowUp}");
  expect(item("Cancel")).toHaveFocus();
  await userEvent.keyboard("{ArrowDown}");
  expect(item("Pause")).toHaveFocus();
  await userEvent.keyboard("{End}");
  expect(item("Cancel")).toHaveFocus();
  await userEvent.keyboard("{Home}{ArrowDown}{Enter}");
  expect(acts.cancel).toHaveBeenCalledOnce();
  expect(acts.pause).not.toHaveBeenCalled();
  expect(screen.queryByRole("menu")).toBeNull();
  expect(button).toHaveFocus();
});

test("Escape leads back to the button, and who goes elsewhere leaves no menu behind", async () => {
  const { acts, button } = await open();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("menu")).toBeNull();
  expect(button).toHaveFocus();
  await userEvent.click(button);
  await userEvent.click(screen.getByRole("button", { name: "Elsewhere" }));
  expect(screen.queryByRole("menu")).toBeNull();
  await userEvent.click(button);
  await userEvent.tab();
  expect(screen.queryByRole("menu")).toBeNull();
  expect(screen.getByRole("button", { name: "Elsewhere" })).toHaveFocus();
  expect(acts.pause).not.toHaveBeenCalled();
});
