import { MantineProvider } from "@mantine/core";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { Dialog } from "./Dialog";

function Screen() {
  const [opened, setOpened] = useState(false);
  return (
    <MantineProvider env="test">
      <button type="button" onClick={() => setOpened(true)}>
        Open
      </button>
      <Dialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Another time"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <input aria-label="Goes out at" data-autofocus />
      </Dialog>
    </MantineProvider>
  );
}

test("the first dialog is read when it opens, and has the focus; closed, the button has it again", async () => {
  render(<Screen />);
  const button = screen.getByRole("button", { name: "Open" });
  const { documentElement } = document;
  const shown: boolean[] = [];
  const noteReading = () => shown.push(documentElement.hasAttribute("data-reading"));
  new MutationObserver(noteReading).observe(documentElement, { attributeFilter: ["data-reading"] });
  for (const _ of ["first", "again"]) {
    // Whoever reads a part under test waits for it.
    await act(() => userEvent.click(button));
    expect(await screen.findByRole("dialog", { name: "Another time" })).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText("Goes out at")).toHaveFocus());
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(button).toHaveFocus());
  }
  // On a slow link the first press is not taken for lost.
  expect(shown).toEqual([true, false]);
});
