import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import type { PatientMedia, PatientWords } from "../bindings";
import { openApp } from "../testing/app";
import { aPicture, aSending, aWorkItem, page } from "../testing/fixtures";

beforeEach(() => {
  URL.createObjectURL = vi.fn(() => "blob:here");
  URL.revokeObjectURL = vi.fn();
});

const openWorklist = (said: PatientWords) =>
  openApp("/worklist", {
    listWorklist: () => page({ ...aWorkItem, detail: null, said: [said] }),
    mediaTicket: () => ({ url: "/m/ticket", expiresAt: "2026-11-24T05:15:00.000Z" }),
  });

const withMedia = (media: Partial<PatientMedia>, kind = "image"): PatientWords => ({
  ...aSending,
  kind,
  media: { ...aPicture, ...media },
});

test("a picture of a patient is seen small, and larger on a click", async () => {
  const { asked } = await openWorklist(aSending);
  const small = await screen.findByRole("button", { name: "Show the picture larger" });
  expect(within(small).getByAltText("Picture the patient sent")).toHaveAttribute("src", "/m/ticket");
  expect(asked).toHaveBeenCalledWith("mediaTicket", { id: "d1" });
  small.focus();
  await userEvent.keyboard("{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Picture the patient sent" });
  expect(within(dialog).getByAltText("Picture the patient sent")).toHaveAttribute("src", "/m/ticket");
  expect(screen.getByText("1.2 MB")).toBeVisible();
});

test("a film is fetched only when somebody wants to see it", async () => {
  const { asked } = await openWorklist(withMedia({ mediaType: "video/mp4" }, "video"));
  const play = await screen.findByRole("button", { name: "Play the video" });
  expect(asked).not.toHaveBeenCalledWith("mediaTicket", { id: "d1" });
  await userEvent.click(play);
  expect(await screen.findByLabelText("Video the patient sent")).toHaveAttribute("src", "/m/ticket");
});

test("a file has its name and is only saved", async () => {
  await openWorklist(withMedia({ mediaType: null, fileName: "report.html" }, "file"));
  expect(await screen.findByText("report.html")).toBeVisible();
  expect(screen.queryByRole("img", { name: "Picture the patient sent" })).toBeNull();
  const taken: (string | null)[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    taken.push(this.getAttribute("href"), this.download);
  });
  await userEvent.click(screen.getByRole("button", { name: "Save the file" }));
  // By its address: the browser writes it to the disk as it comes.
  await waitFor(() => expect(taken).toEqual(["/m/ticket", "report.html"]));
  click.mockRestore();
});

test.each<[Partial<PatientMedia>, string]>([
  [{ state: "pending" }, "Still being fetched from LINE"],
  [{ state: "pending", reason: "no_room" }, "There is no room on the disk; it is tried again"],
  [{ state: "gone", reason: "taken_back" }, "The patient took it back"],
  [{ state: "refused", reason: "too_large" }, "Not kept: it is too large"],
  [{ state: "failed", reason: "not_found" }, "LINE does not have it any more"],
])("what is not here says why: %o", async (media, words) => {
  await openWorklist(withMedia(media));
  expect(await screen.findByText(words)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Save the file" })).toBeNull();
});

test("a place is told with a link to a map as text", async () => {
  const place = { title: "Home", address: "1 Rama IV Road", latitude: "13.75", longitude: "100.5" };
  await openWorklist({ ...aSending, kind: "location", media: null, place });
  expect(await screen.findByText("1 Rama IV Road")).toBeVisible();
  expect(screen.getByText("https://maps.google.com/?q=13.75,100.5")).toBeVisible();
  expect(screen.queryByRole("link", { name: /maps/ })).toBeNull();
});

test("what this computer cannot show is asked for once more, and then said to be saved", async () => {
  let given = 0;
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page({ ...aWorkItem, detail: null, said: [aSending] }),
    mediaTicket: () => ({ url: `/m/ticket${++given}`, expiresAt: "2026-11-24T05:15:00.000Z" }),
  });
  const picture = () => screen.findByAltText("Picture the patient sent");
  fireEvent.error(await picture());
  await waitFor(async () => expect(await picture()).toHaveAttribute("src", "/m/ticket2"));
  fireEvent.error(await picture());
  expect(await screen.findByText("It cannot be shown here. Save the file to open it.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Save the file" })).toBeEnabled();
  expect(asked.mock.calls.filter(([name]) => name === "mediaTicket")).toHaveLength(2);
});

test("an address that ended after it had shown something has a successor each time", async () => {
  let given = 0;
  await openApp("/worklist", {
    listWorklist: () => page({ ...aWorkItem, detail: null, said: [aSending] }),
    mediaTicket: () => ({ url: `/m/ticket${++given}`, expiresAt: "2026-11-24T05:15:00.000Z" }),
  });
  for (const n of [1, 2, 3]) {
    const picture = await screen.findByAltText("Picture the patient sent");
    await waitFor(() => expect(picture).toHaveAttribute("src", `/m/ticket${n}`));
    fireEvent.load(picture);
    fireEvent.error(picture);
  }
  await waitFor(() =>
    expect(screen.getByAltText("Picture the patient sent")).toHaveAttribute("src", "/m/ticket4"),
  );
});
