// What opens on the screens: menus, dialogs and parts that unfold, each from its place.

import assert from "node:assert/strict";
import { asker } from "./seed.mjs";

/**
 * Each with its path, what is done there, and, where it is neither a menu nor a dialog, what opens;
 * `t` has the reader's words.
 */
export function openingsOf({ patient, plan }, t) {
  const acts = actsIn(t);
  return [
    ...ofTheFrame(acts, t),
    ...ofThePatients(acts),
    ...ofAPatient(`/patients/${patient}`, acts, t),
    ...ofTheWorklist(acts, t),
    ...ofManyAtOnce(acts),
    ...ofPlans(plan, acts, t),
  ];
}

const key = (name) => (page) => page.keyboard.press(name);
const menu = (page) => page.locator("main [aria-haspopup=menu]").first().click();
const all = (page) => page.locator(".select-all input").first().check();

/** What is done on several screens, by the reader's words. */
function actsIn(t) {
  // How many they are is not looked at here.
  const of = (english) => new RegExp(`^${t(english, { n: "N" }).replace("N", "\\d+")}$`);
  const press = (name, exact = true) => (page) => page.getByRole("button", { name, exact }).first().click();
  /** One of the acts on what is chosen, which a narrow screen folds. */
  const toAll = (english) => async (page) => {
    await all(page);
    const folded = page.getByRole("button", { name: t("What to do…") });
    if (await folded.isVisible()) await folded.click();
    await press(of(english))(page);
  };
  const more = async (page, act) => {
    await menu(page);
    await page.getByRole("menuitem", { name: act }).click();
  };
  const choosePlan = (where) => where.getByLabel(t("Care plan")).selectOption({ index: 1 });
  return { of, press, toAll, more, choosePlan };
}

const ofTheFrame = ({ press }, t) => [
  { name: "search everything", path: "/plans", acts: [key("Control+K"), (page) => page.keyboard.type("a"), settled] },
  { name: "the keys", path: "/plans", acts: [key("?")] },
  { name: "a new patient", path: "/patients", acts: [press(t("Add patient"))] },
  {
    name: "the practice phone beside a screen",
    path: "/plans",
    acts: [(page) => page.getByRole("banner").getByRole("button", { name: t("Practice phone") }).click()],
    layer: "aside",
  },
];

const ofThePatients = ({ toAll, choosePlan }) => [
  { name: "the bar of what is chosen", path: "/patients", acts: [all], layer: ".selection-bar" },
  { name: "a message to many", path: "/patients", acts: [toAll("Write to {n}…")] },
  { name: "a label for many", path: "/patients", acts: [toAll("Label {n}…")] },
  { name: "slips for many", path: "/patients", acts: [toAll("Print slips for {n}…")] },
  {
    name: "a follow-up for many",
    path: "/patients",
    acts: [toAll("Start a follow-up for {n}…"), (page) => choosePlan(page.getByRole("dialog"))],
  },
];

const ofAPatient = (path, { press, more, choosePlan }, t) => [
  { name: "a patient that is changed", path, acts: [press(t("Edit patient"))] },
  { name: "data that are deleted", path, acts: [press(t("Delete the data…"))] },
  { name: "the acts on a follow-up", path, acts: [menu] },
  { name: "a start that is moved", path, acts: [(page) => more(page, t("Move the start…"))] },
  { name: "a follow-up that is cancelled", path, acts: [(page) => more(page, t("Cancel"))] },
  {
    name: "a follow-up that begins",
    path,
    acts: [(page) => choosePlan(page.locator("#follow-ups"))],
    layer: "#follow-ups",
  },
  {
    name: "a message again and again",
    path,
    acts: [(page) => page.locator("#write").getByText(t("Again and again"), { exact: true }).click()],
    layer: "#write",
  },
  {
    name: "what is filled in",
    path,
    acts: [(page) => page.locator("#write [aria-haspopup=menu]").first().click()],
  },
  { name: "another time for one", path, acts: [press(t("Another time…"))] },
];

const ofTheWorklist = ({ of, press }, t) => [
  { name: "an entry put off", path: "/worklist", acts: [menu] },
  { name: "several entries", path: "/worklist", acts: [all], layer: ".selection-bar" },
  {
    name: "a call that is noted",
    path: "/worklist",
    acts: [press(t("Note a call")), press(t("Call or write"))],
    layer: ".entry",
  },
  {
    name: "messages that are retried",
    path: "/worklist?part=failed",
    acts: [press(of("Retry these {n}"))],
    // Each quarter of an hour what failed is tried again by itself, and waits then.
    isThere: async (page) => {
      if (await appears(page.getByRole("button", { name: of("Retry these {n}") }).first())) return true;
      assert.deepEqual(await failedNow(page), []);
      return false;
    },
  },
];

const ofManyAtOnce = ({ toAll }) => [
  { name: "messages at another time", path: "/messages", acts: [toAll("Another time for {n}…")] },
  { name: "messages that are cancelled", path: "/messages", acts: [toAll("Cancel {n}…")] },
  { name: "follow-ups that are paused", path: "/follow-ups", acts: [toAll("Pause {n}…")] },
  { name: "follow-ups that are cancelled", path: "/follow-ups", acts: [toAll("Cancel {n}…")] },
];

const ofPlans = (plan, { press }, t) => [
  { name: "a care plan put away", path: `/plans/${plan}`, acts: [press(t("Archive"))] },
  { name: "a new template", path: "/plans/templates", acts: [press(t("New template"))] },
];

/** Until what was looked for is there. */
const settled = (page) => page.locator("#found [role=option]").first().waitFor();

/** What the core says of messages that failed. */
const failedNow = async (page) => (await asker(page)("GET", "/jobs/failed-deliveries")).items;

/** Whether something is there within the time a page takes. */
const appears = (locator) =>
  locator.waitFor({ timeout: 8_000 }).then(
    () => true,
    () => false,
  );

const LAYER = "[role=dialog]:not([aria-hidden=true]), [role=menu]";

/** Opens it; where it is. */
export async function openUp(page, { acts, layer = LAYER }) {
  for (const act of acts) await act(page);
  await page.locator(layer).first().waitFor();
  return layer;
}
