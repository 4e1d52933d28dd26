import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { chooseLocale } from "../../i18n";
import { dayAndTime, variableDay } from "../../lib/format";
import { openApp, refuse } from "../../testing/app";
import { aStatus, theSettings } from "../../testing/fixtures";

// The tests' browser scrolls nothing.
Element.prototype.scrollIntoView = () => {};

const getSettings = () => theSettings;
const section = async (name: string) =>
  within((await screen.findByRole("heading", { name, level: 2 })).closest("section") as HTMLElement);
const saving = () => within(screen.getByRole("region", { name: "Saving" }));

test("what the clinic decided; a secret only says that it is set", async () => {
  await openApp("/settings", { getSettings });
  const clinic = await section("Clinic");
  expect(clinic.getByLabelText("Name of the clinic")).toHaveValue("Suan Dok Clinic");
  expect((await section("Quiet hours")).getByLabelText("From")).toHaveValue("20:00");
  const line = await section("LINE connection");
  expect(line.getByLabelText("Channel secret")).toHaveValue("");
  expect(line.getAllByText("Set. Type to replace it.")).toHaveLength(2);
});

test("without a connection it says what is missing", async () => {
  await openApp("/settings", {
    getSettings: () => ({ ...theSettings, lineTokenSet: false, lineSecretSet: false }),
    status: () => ({ ...aStatus, practice: false }),
  });
  const line = await section("LINE connection");
  expect(line.getAllByText("Not set.")).toHaveLength(2);
  expect(screen.queryByRole("heading", { name: "Demo clinic" })).toBeNull();
});

test("what the core refuses is said", async () => {
  await openApp("/settings", { getSettings: refuse("the settings cannot be read") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the settings cannot be read");
});

test("a change is saved over what was seen; over a later one it is not", async () => {
  const { asked } = await openApp("/settings", {
    getSettings,
    updateSettings: refuse("somebody changed the settings meanwhile"),
  });
  const clinic = await section("Clinic");
  await userEvent.clear(clinic.getByLabelText("Name of the clinic"));
  await userEvent.paste("River Clinic");
  await userEvent.click(saving().getByRole("button", { name: "Save" }));
  expect(await screen.findByText("somebody changed the settings meanwhile")).toBeVisible();
  expect(asked).toHaveBeenCalledWith(
    "updateSettings",
    expect.objectContaining({ version: 1, clinicName: "River Clinic" }),
  );
  await userEvent.click(saving().getByRole("button", { name: "Show what is saved" }));
  expect(clinic.getByLabelText("Name of the clinic")).toHaveValue("Suan Dok Clinic");
});

test("words that alarm are edited a line each, by language", async () => {
  const { asked } = await openApp("/settings", { getSettings, updateSettings: () => theSettings });
  const urgent = await section("Urgent words");
  await userEvent.click(urgent.getByRole("button", { name: "Words that alarm" }));
  const words = await urgent.findByLabelText("Words: English");
  expect(words).toHaveValue("bleeding\nfever");
  expect(urgent.getByLabelText("In an emergency: ไทย")).toHaveValue("โทร 1669");
  await userEvent.clear(words);
  await userEvent.type(words, "fever{enter} dizzy {enter}");
  await userEvent.click(saving().getByRole("button", { name: "Save" }));
  expect(asked).toHaveBeenCalledWith(
    "updateSettings",
    expect.objectContaining({
      alarmWords: { ...theSettings.alarmWords, en: ["fever", "dizzy"] },
      emergencyText: theSettings.emergencyText,
    }),
  );
});

test("the set-up of the channel is checked point by point", async () => {
  await openApp("/settings", {
    getSettings,
    checkChannel: () => ({
      canSend: true,
      canHear: false,
      points: [
        {
          point: "quota",
          state: "failed",
          found: "",
          finding: { code: "quotaUsed", used: 500, limit: 500 },
          mend: "",
          advice: "chooseLargerPlan",
        },
      ],
      checkedAt: "",
    }),
  });
  await userEvent.click(
    (await section("LINE connection")).getByRole("button", { name: "Check the whole set-up" }),
  );
  expect(await screen.findByText("Messages can be sent. Answers cannot be heard yet.")).toBeVisible();
  expect(screen.getByLabelText("Does not work")).toBeInTheDocument();
  expect(screen.getByText("500 of 500 messages used this month")).toBeVisible();
  expect(screen.getByText(/Choose a larger plan/)).toBeVisible();
});

test("what is refused stands at its field, and is reached from the summary", async () => {
  await openApp("/settings", {
    getSettings,
    updateSettings: refuse("fields need another value", [
      { field: "publicUrl", message: "must be a public https:// address", code: "notAPublicAddress" },
      { field: "alarmWords.th[1]", message: "must not be empty", code: "empty" },
    ]),
  });
  const clinic = await section("Clinic");
  await userEvent.click(saving().getByRole("button", { name: "Save" }));
  expect(await clinic.findByText("must be a public https:// address")).toBeVisible();
  expect(clinic.getByLabelText("Public address")).toHaveAccessibleDescription(/must be a public https/);
  await userEvent.click(screen.getByRole("button", { name: "Words: ไทย: must not be empty" }));
  await waitFor(() => expect(screen.getByLabelText("Words: ไทย")).toHaveFocus());
  expect(screen.getByLabelText("Words: ไทย")).toBeVisible();
});

test("an end of the quiet hours is moved by keys on the ring, and the examples say what follows", async () => {
  const { asked } = await openApp("/settings", { getSettings, updateSettings: () => theSettings });
  const quiet = await section("Quiet hours");
  const examples = () => quiet.getAllByRole("listitem").map((one) => one.textContent);
  expect(examples()).toEqual([
    "A step due 21:30 waits until 08:00 the next day.",
    "A step due 07:30 waits until 08:00.",
    "A step due 14:00 goes out at once.",
  ]);
  const from = quiet.getByRole("slider", { name: "Quiet from" });
  expect(from).toHaveAttribute("aria-valuetext", "20:00");
  from.focus();
  await userEvent.keyboard("{PageUp}{ArrowRight}{Shift>}{ArrowLeft}{/Shift}");
  expect(quiet.getByLabelText("From")).toHaveValue("21:14");
  expect(examples()[0]).toBe("A step due 22:44 waits until 08:00 the next day.");
  await userEvent.click(saving().getByRole("button", { name: "Save" }));
  expect(asked).toHaveBeenCalledWith(
    "updateSettings",
    expect.objectContaining({ quietHours: { start: "21:14", end: "08:00", silently: false } }),
  );
});

test("the two ends are never put at one place, and a typed one that is says so", async () => {
  const { asked } = await openApp("/settings", {
    getSettings: () => ({ ...theSettings, quietHours: { start: "20:00", end: "20:15" } }),
  });
  const quiet = await section("Quiet hours");
  quiet.getByRole("slider", { name: "Quiet from" }).focus();
  await userEvent.keyboard("{ArrowRight}");
  expect(quiet.getByLabelText("From")).toHaveValue("20:00");
  await userEvent.clear(quiet.getByLabelText("Until"));
  await userEvent.type(quiet.getByLabelText("Until"), "20:00");
  await userEvent.click(saving().getByRole("button", { name: "Save" }));
  expect(quiet.getByLabelText("Until")).toHaveAccessibleDescription("It begins and ends at the same time.");
  expect(asked).not.toHaveBeenCalledWith("updateSettings", expect.anything());
});

test("an address leads to a part of the settings", async () => {
  const { address } = await openApp("/settings#line", { getSettings });
  const line = (await screen.findByRole("heading", { name: "LINE connection" })).closest("section");
  await waitFor(() => expect(line).toHaveFocus());
  await userEvent.click(screen.getByRole("link", { name: "Quiet hours" }));
  expect(address()).toBe("/settings#quiet-hours");
});

test("who leaves with changes is asked, and stays; another part is no leaving", async () => {
  const confirm = vi.spyOn(window, "confirm").mockReturnValue(false);
  const { address } = await openApp("/settings", { getSettings });
  await userEvent.type((await section("Clinic")).getByLabelText("Name of the clinic"), "!");
  await userEvent.click(screen.getByRole("link", { name: "LINE connection" }));
  expect(address()).toBe("/settings#line");
  expect(confirm).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("link", { name: "Patients" }));
  expect(confirm).toHaveBeenCalledWith("Leave without saving?");
  expect(address()).toBe("/settings#line");
  await userEvent.click(saving().getByRole("button", { name: "Discard the changes" }));
  expect(saving().getByText("No unsaved changes")).toBeVisible();
  confirm.mockRestore();
});

test("a reader in Thai chooses the calendar in which days are shown", async () => {
  await openApp("/settings", { getSettings });
  await section("This device");
  await act(() => chooseLocale("th"));
  const calendar = await screen.findByRole("radiogroup", { name: "ปฏิทิน" });
  const [buddhist, western] = within(calendar).getAllByRole("radio");
  expect(buddhist).toBeChecked();
  await userEvent.click(western as HTMLElement);
  expect(dayAndTime("2026-11-24T02:10:00.000Z", "th", "Asia/Bangkok")).toContain("2026");
  expect(variableDay(new Date("2026-11-24T02:10:00.000Z"), "long", "th")).toContain("2569");
});

test("the demo clinic is loaded and removed, and says how much of it", async () => {
  const { asked } = await openApp("/settings", {
    getSettings,
    loadDemo: () => ({ patients: 12, protocols: 3, assignments: 12 }),
    removeDemo: () => ({ removed: 27 }),
  });
  const demo = await section("Demo clinic");
  await userEvent.click(demo.getByRole("button", { name: "Load the demo clinic" }));
  expect(await screen.findByText("12 demo patients loaded.")).toBeVisible();
  await userEvent.click(demo.getByRole("button", { name: "Remove the demo clinic" }));
  expect(await screen.findByText("The demo clinic is gone (27 entries).")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("removeDemo", {});
});

test("a demo clinic that cannot be loaded or removed says why", async () => {
  await openApp("/settings", {
    getSettings,
    loadDemo: refuse("the demo clinic is loaded already"),
    removeDemo: refuse("a message to a demo patient is on its way"),
  });
  const demo = await section("Demo clinic");
  await userEvent.click(demo.getByRole("button", { name: "Load the demo clinic" }));
  expect(await screen.findByText("the demo clinic is loaded already")).toBeVisible();
  await userEvent.click(demo.getByRole("button", { name: "Remove the demo clinic" }));
  expect(await screen.findByText("a message to a demo patient is on its way")).toBeVisible();
});
