// The main job in the real window, driven through WebDriver.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { openWindow, startDriver } from "./driver.mjs";

const driver = startDriver();
let window;

before(async () => {
  window = await openWindow(driver.dir);
});

after(async () => {
  await window?.end();
  driver.stop();
});

test("the window shows today's messages accepted by LINE", async () => {
  await window.find("//a[contains(text(), ' accepted')]");
  await window.find("//*[text()='Accepted by LINE']");
  await window.screenshot("today");
});

test("a message written in the window arrives on the practice phone", async () => {
  await window.click("//nav//a[.//*[text()='Patients']]");
  await window.click("//a[text()='Anna Keller (Demo)']");
  await window.write(await window.find("//textarea[@aria-label='Message']"), "Hello from the window");
  await window.click("//*[@id='write']//button[.//*[text()='Send now']]");
  await window.find("//ol//*[contains(text(), 'Hello from the window')]");
  await window.click("//header//button[.//*[text()='Practice phone']]");
  await window.choose("//aside//select", "U00000000000000000000000000000d04");
  await window.find("//*[@role='log']//*[contains(text(), 'Hello from the window')]");
  await window.screenshot("patient");
});

test("what a patient writes is on the worklist of the window and is settled there", async () => {
  const phone = "//aside//input[@type='text' or not(@type)] | //aside//textarea";
  await window.write(await window.find(phone), "May I eat again?");
  await window.click("//aside//button[.//*[text()='Send']]");
  await window.click("//nav//a[.//*[text()='People who need you']]");
  await window.find("//li//*[contains(., 'May I eat again?')]");
  await window.screenshot("worklist");
  const settle = "//li[contains(., 'May I eat again?')]//button[.//*[text()='Settle']]";
  await window.click(settle);
  // A click beside a button that moved in that moment does nothing: as a person would, it is clicked again.
  await window.until("the settled entry to leave", async () => {
    const left = await window.elements(settle);
    for (const button of left) await window.clickOn(button);
    return left.length === 0;
  });
  await window.find("//*[text()='All clear. Nothing needs you.']");
});

test("a picture that a patient sends is shown in the window", async () => {
  const phones = await window.ask("phones", {});
  const { lineUserId } = phones.items.find((phone) => phone.displayName.startsWith("Anna Keller"));
  assert.deepEqual(await window.ask("phone_send", { lineUserId, what: "picture" }), { ok: true });
  assert.ok((await window.widthOf("//li//img[@alt='Picture the patient sent']")) > 0);
  await window.screenshot("picture");
});

test("a picture of the clinic's own is uploaded in the window", async () => {
  const set = await window.ask("update_settings", { publicUrl: "https://clinic.example" });
  assert.equal(set.publicUrl, "https://clinic.example", JSON.stringify(set));
  await window.click("//nav//a[.//*[text()='Patients']]");
  await window.click("//a[text()='Anna Keller (Demo)']");
  await window.find("//button[.//*[text()='Add a picture or video']]");
  const icon = fileURLToPath(new URL("../../src-tauri/icons/128x128.png", import.meta.url));
  await window.write(await window.find("//main//input[@type='file']"), icon);
  await window.find("//button[.//*[text()='Leave 128x128.png out']]");
  const uploads = await window.ask("list_uploads", {});
  assert.equal(uploads.items[0].width, 128, JSON.stringify(uploads));
  await window.screenshot("upload");
});

test("a follow-up is paused in the window", async () => {
  await window.click("//aside//button[@aria-label='Close']");
  await window.click("//nav//a[.//*[text()='Follow-ups']]");
  await window.find("//h1[text()='Follow-ups']");
  await window.click("(//main//button[.//*[text()='Pause']])[1]");
  await window.click("//label[.//*[text()='Paused'] or text()='Paused']");
  await window.find("//button[.//*[text()='Resume']]");
});

test("a backup is put back in the window, which goes on with the data as they were", async () => {
  await window.click("//nav//a[.//*[text()='System']]");
  await window.click("//button[.//*[text()='Back up now']]");
  await window.find("//*[text()='The backup is made.']");
  const added = await window.ask("create_patient", { displayName: "Added after the backup" });
  assert.ok(added.id, JSON.stringify(added));
  await window.click("//button[starts-with(@aria-label, 'Put back the backup of')]");
  const typed = "//*[@role='dialog']//input";
  const { clinicName } = await window.ask("status", {});
  await window.write(await window.find(typed), clinicName);
  await window.click("//*[@role='dialog']//button[.//*[text()='Put the backup back']]");
  await window.find("//*[starts-with(text(), 'The backup is back.')]");
  const { sending, pausedBecause } = await window.ask("status", {});
  assert.deepEqual([sending, pausedBecause], ["paused", "restored"]);
  const patients = await window.ask("list_patients", { search: "Added after" });
  assert.deepEqual(patients.items, []);
  await window.click("//nav//a[.//*[text()='Patients']]");
  await window.find("//a[text()='Anna Keller (Demo)']");
});
