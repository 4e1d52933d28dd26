import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
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

it("it goes with the pointer also from a button that its own click disabled", async () => {
  const Busy = () => {
    const [busy, setBusy] = useState(false);
    return (
      <>
        <Tip label="Stops everything">
          <button type="button" disabled={busy} onClick={() => setBusy(true)}>
            Pause
          </button>
        </Tip>
        <p>Elsewhere</p>
      </>
    );
  };
  render(<Busy />);
  await userEvent.click(screen.getByRole("button"));
  expect(screen.getByRole("button")).toBeDisabled();
  expect(screen.getByRole("tooltip")).toBeVisible();

  // As a browser tells it: the disabled button hears nothing.
  fireEvent.mouseOver(screen.getByText("Elsewhere"));
  expect(screen.queryByRole("tooltip")).toBeNull();
});
