import { i18n } from "@lingui/core";
import { expect, it, vi } from "vitest";
import { chooseLocale, inWords } from ".";
import { shortOf } from "./short";

it("a sentence that did not come with its screen is read with all of its language, and that is said", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  await chooseLocale("th");
  // As if no part had it.
  delete i18n.messages[shortOf("Patients")];
  expect(inWords("Patients")).toBe("Patients");
  await vi.waitFor(() => expect(inWords("Patients")).toBe("ผู้ป่วย"), { timeout: 10_000 });
  expect(warned).toHaveBeenCalledOnce();
  warned.mockRestore();
});
