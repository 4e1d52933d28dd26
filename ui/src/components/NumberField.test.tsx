import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { NumberField } from "./NumberField";

type Shown = { min: number; max: number; decimals?: number; first?: number | "" };

function show({ first = "", ...range }: Shown) {
  const heard = vi.fn();
  function Field() {
    const [value, setValue] = useState<number | "">(first);
    const set = (next: number | "") => {
      heard(next);
      setValue(next);
    };
    return <NumberField label="Days" value={value} onChange={set} {...range} />;
  }
  render(
    <MantineProvider env="test">
      <Field />
    </MantineProvider>,
  );
  return { field: screen.getByRole("textbox", { name: "Days" }), heard };
}

test("digits alone are taken, also those of a Japanese keyboard, and nothing is no number", async () => {
  const { field, heard } = show({ min: 1, max: 100 });
  await userEvent.type(field, "4x２");
  expect(heard).toHaveBeenLastCalledWith(42);
  expect(field).toHaveValue("42");
  await userEvent.clear(field);
  expect(heard).toHaveBeenLastCalledWith("");
});

test("what lies outside is put inside when the field is left", async () => {
  const { field, heard } = show({ min: 5, max: 100 });
  await userEvent.type(field, "3");
  expect(heard).toHaveBeenLastCalledWith(3);
  await userEvent.tab();
  expect(heard).toHaveBeenLastCalledWith(5);
  await userEvent.type(field, "00");
  await userEvent.tab();
  expect(field).toHaveValue("100");
});

test("a number before zero, and one with a part, can be written sign by sign", async () => {
  const negative = show({ min: -10, max: 10 });
  await userEvent.type(negative.field, "-");
  expect(negative.field).toHaveValue("-");
  await userEvent.type(negative.field, "7");
  expect(negative.heard).toHaveBeenLastCalledWith(-7);
});

test("as many digits after the point as the field takes", async () => {
  const { field, heard } = show({ min: 0.5, max: 24, decimals: 1 });
  await userEvent.type(field, "1.");
  expect(field).toHaveValue("1.");
  await userEvent.type(field, "57");
  expect(heard).toHaveBeenLastCalledWith(1.5);
  await userEvent.tab();
  expect(field).toHaveValue("1.5");
});

test("the arrow keys count, and not beyond the ends", async () => {
  const { field, heard } = show({ min: 1, max: 3, first: 2 });
  await userEvent.click(field);
  await userEvent.keyboard("{ArrowUp}{ArrowUp}");
  expect(field).toHaveValue("3");
  await userEvent.keyboard("{ArrowDown}");
  expect(heard).toHaveBeenLastCalledWith(2);
  await userEvent.clear(field);
  await userEvent.keyboard("{ArrowUp}");
  expect(heard).toHaveBeenLastCalledWith(1);
});
