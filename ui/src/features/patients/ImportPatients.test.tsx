import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ImportedRow, ImportPatients, ImportPreview, Task } from "../../bindings";
import { openApp, Refusal } from "../../testing/app";
import { page } from "../../testing/fixtures";

const malee: ImportedRow = {
  line: 2,
  displayName: "Malee",
  nickname: null,
  reading: null,
  phone: null,
  birthDate: null,
  lineUserId: null,
  externalRef: null,
  locale: null,
  timeZone: null,
};

const whole: ImportPreview = {
  rows: 1,
  valid: 1,
  errors: [],
  sample: [malee],
  unknownColumns: [],
  encoding: "utf-8",
  columns: [{ heading: "name", field: "displayName", example: "Malee" }],
  yearQuestion: null,
};

const task = (state: Task["state"]): Task => ({
  id: "t1",
  state,
  done: state === "done" ? 1 : 0,
  total: 1,
  problem: null,
  problemCode: null,
  refusal: null,
});

async function openImport(previewImport: (input: ImportPatients) => ImportPreview) {
  const { asked } = await openApp("/patients", {
    listPatients: () => page(),
    previewImport,
    importPatients: () => task("running"),
    getTask: () => task("done"),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Import" }));
  const dialog = await screen.findByRole("dialog", { name: "Import patients" });
  const give = (name: string, ...bytes: BlobPart[]) =>
    userEvent.upload(
      dialog.querySelector("input[type=file]") as HTMLInputElement,
      new File(bytes, name),
      // A type the browser knows under another name is no reason to leave a file out.
      { applyAccept: false },
    );
  return { dialog: within(dialog), asked, give, box: dialog };
}

/** "name\nMalee\n" */
const CSV = "bmFtZQpNYWxlZQo=";

test("a table of patients is looked at before it is imported", async () => {
  const wrong = {
    line: 3,
    field: "displayName",
    message: "",
    code: "empty" as const,
    limit: null,
    takes: null,
  };
  const { dialog, asked, give } = await openImport(() => ({ ...whole, rows: 2, errors: [wrong] }));
  await give("patients.csv", "name\nMalee\n");
  expect(await dialog.findByText(/^1 of 2 rows can be imported/)).toBeVisible();
  expect(dialog.getByText(/must not be empty/)).toHaveTextContent("Line 3: Name must not be empty");
  const start = dialog.getByRole("button", { name: "Import 1 patient" });
  expect(start).toBeDisabled();
  await userEvent.click(dialog.getByLabelText("Leave out the rows with errors"));
  await userEvent.click(start);
  expect(await dialog.findByText("1 patient imported.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("previewImport", { file: CSV });
  expect(asked).toHaveBeenCalledWith("importPatients", { file: CSV, skipInvalid: true });
});

test("a dropped file is looked at like a chosen one", async () => {
  const { dialog, asked } = await openImport(() => whole);
  const file = new File(["name\nMalee\n"], "patients.csv");
  fireEvent.drop(dialog.getByText(/It can also be dropped here/), { dataTransfer: { files: [file] } });
  expect(await dialog.findByRole("button", { name: "Import 1 patient" })).toBeEnabled();
  expect(asked).toHaveBeenCalledWith("previewImport", { file: CSV });
});

test("the encoding is shown, and another one is chosen where names look wrong", async () => {
  const { dialog, asked, give } = await openImport(({ encoding }) => ({
    ...whole,
    encoding: encoding ?? "windows-874",
  }));
  await give("patients.csv", "name\nMalee\n");
  const encoding = await dialog.findByRole("combobox", { name: "Encoding of the text" });
  await waitFor(() => expect(encoding).toHaveDisplayValue("Thai (TIS-620)"));
  await userEvent.selectOptions(encoding, "Japanese (Shift-JIS)");
  await waitFor(() => expect(encoding).toHaveDisplayValue("Japanese (Shift-JIS)"));
  expect(asked).toHaveBeenCalledWith("previewImport", { file: CSV, encoding: "shift_jis", columns: {} });
});

test("an encoding can still be chosen where the file made no sense in the one that was guessed", async () => {
  const { dialog, give } = await openImport(({ encoding }) => {
    if (encoding === "big5") return { ...whole, encoding };
    const errors = [
      { field: "file", message: "", code: "openQuotation" as const, limit: null, takes: null, unit: null },
    ];
    throw new Refusal({ code: "out_of_limits", status: 422, title: "", detail: "", errors });
  });
  await give("patients.csv", "name\nMalee\n");
  expect(await dialog.findByText("File: has a quotation mark that is never closed")).toBeVisible();
  await userEvent.selectOptions(dialog.getByLabelText("Encoding of the text"), "Traditional Chinese (Big5)");
  expect(await dialog.findByRole("button", { name: "Import 1 patient" })).toBeEnabled();
  expect(dialog.queryByText(/quotation mark/)).toBeNull();
});

test("a workbook has no encoding to choose", async () => {
  const { dialog, asked, give } = await openImport(() => ({ ...whole, encoding: null }));
  await give("patients.xlsx", "PK\u0003\u0004");
  expect(await dialog.findByRole("button", { name: "Import 1 patient" })).toBeEnabled();
  expect(dialog.queryByLabelText("Encoding of the text")).toBeNull();
  expect(asked).toHaveBeenCalledWith("previewImport", { file: "UEsDBA==" });
});

test("staff say what a column is, and no two are the same but names", async () => {
  const { dialog, asked, give } = await openImport(({ columns = {} }) => ({
    ...whole,
    valid: columns.Who ? 1 : 0,
    columns: [
      { heading: "Who", field: columns.Who ?? null, example: "Malee" },
      { heading: "Phone", field: "Phone" in columns ? (columns.Phone ?? null) : "phone", example: "02" },
      { heading: "Mobile", field: columns.Mobile ?? null, example: "081" },
    ],
  }));
  await give("patients.csv", "name\nMalee\n");
  expect(await dialog.findByText(/Which column has the names\?/)).toBeVisible();
  expect(dialog.getByRole("button", { name: "Import 0 patients" })).toBeDisabled();
  await userEvent.selectOptions(dialog.getByLabelText("What Who is"), "Name");
  expect(await dialog.findByRole("button", { name: "Import 1 patient" })).toBeEnabled();
  await userEvent.selectOptions(dialog.getByLabelText("What Mobile is"), "Phone");
  await waitFor(() => expect(dialog.getByLabelText("What Phone is")).toHaveDisplayValue("Is left out"));
  const columns = { Who: "displayName", Mobile: "phone", Phone: null };
  expect(asked).toHaveBeenCalledWith("previewImport", { file: CSV, columns });
  await userEvent.click(await dialog.findByRole("button", { name: "Import 1 patient" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("importPatients", { file: CSV, columns, skipInvalid: false }),
  );
});

test("years of another calendar are asked after before anything is imported", async () => {
  const asks = {
    line: 2,
    field: "birthDate",
    message: "",
    code: "otherCalendar" as const,
    limit: null,
    takes: null,
  };
  const { dialog, asked, give } = await openImport(({ years }) => ({
    ...whole,
    valid: years ? 1 : 0,
    errors: years ? [] : [asks],
    sample: years ? [{ ...malee, birthDate: "1956-04-13" }] : [],
    yearQuestion: { rows: 1, line: 2, written: "13/4/2499", buddhist: "1956-04-13", roc: null },
  }));
  await give("patients.csv", "name\nMalee\n");
  const question = await dialog.findByRole("radiogroup", { name: "Buddhist or ROC year?" });
  expect(question).toHaveAccessibleDescription(/1 birth date has a year .* 13\/4\/2499 in line 2/);
  expect(dialog.queryByLabelText(/^ROC/), "it cannot be one").toBeNull();
  expect(dialog.getByRole("button", { name: "Import 0 patients" })).toBeDisabled();
  await userEvent.click(dialog.getByLabelText("Buddhist years: 13/4/2499 is 13 April 1956"));
  const start = await dialog.findByRole("button", { name: "Import 1 patient" });
  expect(await dialog.findByRole("cell", { name: "13 April 1956" })).toBeVisible();
  await userEvent.click(start);
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("importPatients", {
      file: CSV,
      years: "buddhist",
      skipInvalid: false,
    }),
  );
});

test("a file that is too large is not sent", async () => {
  const { dialog, asked, give } = await openImport(() => whole);
  await give("patients.csv", new Uint8Array(5 * 1024 * 1024 + 1));
  expect(await dialog.findByText("The file is too large: it may have 5 MB at most.")).toBeVisible();
  expect(asked).not.toHaveBeenCalledWith("previewImport", expect.anything());
});
