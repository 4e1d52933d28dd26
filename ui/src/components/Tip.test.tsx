import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { Tip } from "./Tip";

it("it says what a thing is to the pointer and to the keyboard, and goes at Escape", async () => {
  const left = vi.fn();
  render(
    <Tip label="Stops everything">
      <button type="button" onBlur={left}>
        Pause
      </button>
    </Tip>,
  );
  const button = screen.getByRole("button");
  const user = userEvent.setup();
  await user.hover(button);
  expect(screen.getByRole("tooltip")).toHaveTextContent("Stops everything");
  await user.unhover(button);
  expect(screen.queryByRole("tooltip")).toBeNull();

  await user.tab();
  expect(screen.getByRole("tooltip")).toBeVisible();
  expect(button).toHaveAccessibleDescription("Stops everything");
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("tooltip")).toBeNull();
  expect(button).toHaveFocus();

  await user.tab();
  expect(left).toHaveBeenCalled();
});
