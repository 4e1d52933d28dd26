import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp, refuse } from "../../testing/app";
import { aStatus, theSettings } from "../../testing/fixtures";

const getSettings = () => theSettings;
const section = async (name: string) =>
  within((await screen.findByRole("heading", { name })).closest("section") as HTMLElement);

test("what the clinic decided; a secret only says that it is set", async () => {
  await openApp("/settings", { getSettings });
  const clinic = await section("Clinic");
  expect(clinic.getByLabelText("Name of the clinic")).toHaveValue("Suan Dok Clinic");
  expect(clinic.getByLabelText("From")).toHaveValue("20:00");
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
  await userEvent.click(clinic.getByRole("button", { name: "Save" }));
  expect(await clinic.findByText("somebody changed the settings meanwhile")).toBeVisible();
  expect(asked).toHaveBeenCalledWith(
    "updateSettings",
    expect.objectContaining({ version: 1, clinicName: "River Clinic" }),
  );
  await userEvent.click(clinic.getByRole("button", { name: "Show what is saved" }));
  expect(clinic.getByLabelText("Name of the clinic")).toHaveValue("Suan Dok Clinic");
});

test("words that alarm are edited a line each, by language", async () => {
  const { asked } = await openApp("/settings", { getSettings, updateSettings: () => theSettings });
  const clinic = await section("Clinic");
  await userEvent.click(clinic.getByRole("button", { name: "Words that alarm" }));
  const words = clinic.getByLabelText("Words: English");
  expect(words).toHaveValue("bleeding\nfever");
  expect(clinic.getByLabelText("In an emergency: ไทย")).toHaveValue("โทร 1669");
  await userEvent.clear(words);
  await userEvent.type(words, "fever{enter} dizzy {enter}");
  await userEvent.click(clinic.getByRole("button", { name: "Save" }));
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
  await userEvent.click(await screen.findByRole("button", { name: "Check the whole set-up" }));
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
  await userEvent.click(clinic.getByRole("button", { name: "Save" }));
  expect(await clinic.findByText("must be a public https:// address")).toBeVisible();
  expect(clinic.getByLabelText("Public address")).toHaveAccessibleDescription(/must be a public https/);
  await userEvent.click(clinic.getByRole("button", { name: "Words: ไทย: must not be empty" }));
  expect(clinic.getByLabelText("Words: ไทย")).toHaveFocus();
  expect(clinic.getByLabelText("Words: ไทย")).toBeVisible();
});

test("the demo clinic is loaded and removed, and says how much of it", async () => {
  const { asked } = await openApp("/settings", {
    getSettings,
    loadDemo: () => ({ patients: 12, protocols: 3, assignments: 12 }),
    removeDemo: () => ({ removed: 27 }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Load the demo clinic" }));
  expect(await screen.findByText("12 demo patients loaded.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Remove the demo clinic" }));
  expect(await screen.findByText("The demo clinic is gone (27 entries).")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("removeDemo", {});
});

test("a demo clinic that cannot be loaded or removed says why", async () => {
  await openApp("/settings", {
    getSettings,
    loadDemo: refuse("the demo clinic is loaded already"),
    removeDemo: refuse("a message to a demo patient is on its way"),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Load the demo clinic" }));
  expect(await screen.findByText("the demo clinic is loaded already")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Remove the demo clinic" }));
  expect(await screen.findByText("a message to a demo patient is on its way")).toBeVisible();
});
