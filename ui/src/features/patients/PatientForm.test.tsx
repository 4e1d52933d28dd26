import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { chooseCalendar } from "../../lib/calendar";
import { type Core, openApp, refuse } from "../../testing/app";
import { answerStats, aPatient, aTimeline, noAnswers, page } from "../../testing/fixtures";

const core: Core = {
  getPatient: () => ({ ...aPatient, note: "Allergic to latex" }),
  listAssignments: () => page(),
  listProtocols: () => page(),
  answerStats: () => answerStats(noAnswers),
  patientTimeline: () => aTimeline,
};

/** The form that changes a patient. */
async function editing(more: Core) {
  const app = await openApp("/patients/p1", { ...core, ...more });
  await userEvent.click(await screen.findByRole("button", { name: "Edit patient" }));
  return { ...app, form: within(await screen.findByRole("dialog", { name: "Edit patient" })) };
}

test("what is known of a patient is changed, and nothing else is sent", async () => {
  const { asked, form } = await editing({ updatePatient: () => aPatient });
  expect(form.getByLabelText("Note")).toHaveValue("Allergic to latex");
  await userEvent.type(form.getByLabelText("What they are called"), "Chai");
  await userEvent.selectOptions(form.getByLabelText("Language"), "日本語");
  await userEvent.click(form.getByLabelText("Agreed to get messages"));
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Saved.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("updatePatient", {
    id: "p1",
    unchangedSince: aPatient.updatedAt,
    nickname: "Chai",
    locale: "ja",
    consented: true,
  });
});

test("a day of birth is typed in the years people count, and a number as it is dialled", async () => {
  const { asked, form } = await editing({ updatePatient: () => aPatient });
  await userEvent.type(form.getByLabelText("Phone"), "081-234-5678");
  const born = within(form.getByRole("group", { name: "Birth date" }));
  await userEvent.type(born.getByLabelText("Day"), "3");
  await userEvent.selectOptions(born.getByLabelText("Month"), "April");
  await userEvent.type(born.getByLabelText("Year"), "2499");
  expect(born.getByText("3 April 1956")).toBeVisible();
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  expect(asked).toHaveBeenCalledWith(
    "updatePatient",
    expect.objectContaining({ birthDate: "1956-04-03", phone: "081-234-5678" }),
  );
});

test("a day of birth stands there in the calendar the reader chose", async () => {
  await openApp("/patients/p1", { ...core, getPatient: () => ({ ...aPatient, birthDate: "1956-04-03" }) });
  await screen.findByRole("button", { name: "Edit patient" });
  await act(() => chooseCalendar("roc", "zh-TW"));
  expect(screen.getByText(/^民國45年4月3日 \(/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "編輯病人資料" }));
  const dialog = within(await screen.findByRole("dialog", { name: "編輯病人資料" }));
  const born = within(await dialog.findByRole("group", { name: "出生日期" }));
  expect(born.getByLabelText("年")).toHaveValue("45");
  expect(born.getByText("民國45年4月3日")).toBeVisible();
});

test("a zone is chosen from those there are", async () => {
  const { asked, form } = await editing({ updatePatient: () => aPatient });
  await userEvent.type(form.getByRole("combobox", { name: "Time zone" }), "Tokyo");
  await userEvent.click(await screen.findByRole("option", { name: "Asia/Tokyo" }));
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  expect(asked).toHaveBeenCalledWith("updatePatient", expect.objectContaining({ timeZone: "Asia/Tokyo" }));
});

test("what is refused of a patient stands at its field, named as it is there", async () => {
  const { form } = await editing({
    updatePatient: refuse("a field needs another value", [
      { field: "externalRef", message: "another patient has this number", code: "knownNumber" },
    ]),
  });
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  await userEvent.click(
    await form.findByRole("button", { name: "Number: another patient or row has this number" }),
  );
  expect(form.getByLabelText("Number")).toHaveFocus();
});
