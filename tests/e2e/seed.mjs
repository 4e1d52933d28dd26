// What a clinic has on a busy morning, written through the API so that no screen is empty.

/** Asks the core as the page does; only what is refused is said. */
export const asker = (page) => (method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const headers = { "content-type": "application/json", "x-clinicue-page": localStorage.getItem("clinicue.page") };
      const answer = await fetch(`/api${path}`, { method, headers, body: body && JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
      return answer.json();
    },
    [method, path, body],
  );

const inDays = (n) => ({ type: "at", at: new Date(Date.now() + n * 86_400_000).toISOString() });

const write = (ask, patientId, text, schedule) =>
  ask("POST", "/messages", { patientId, messageType: "text", content: { text }, schedule });

/**
 * Fills the demo clinic: somebody wrote, messages come and wait for a link. `page` is a signed-in
 * one; gives what addresses need.
 */
export async function seed(page) {
  const ask = asker(page);
  const { items: patients } = await ask("GET", "/patients?limit=100");
  const { items: plans } = await ask("GET", "/protocols?limit=100");
  for (const { id, lineUserId } of patients) {
    await ask("POST", `/practice/phones/${lineUserId}/text`, { text: "The wound is red and hurts" });
    await write(ask, id, "See you next week", inDays(3));
  }
  for (const n of [1, 2, 3]) {
    const { id } = await ask("POST", "/patients", { displayName: `Malee ${n}` });
    await write(ask, id, "Please bring your book");
  }
  return { patient: patients[0].id, plan: plans[0].id };
}

/** From now on LINE is down; a message to each fails once it was tried four times, within a quarter of a minute. */
export async function seedFailures(page) {
  const ask = asker(page);
  const { items } = await ask("GET", "/patients?limit=100");
  const linked = items.filter(({ lineUserId }) => lineUserId !== null);
  await ask("PUT", "/practice/fault", { kind: "server_error" });
  for (const { id } of linked) await write(ask, id, "How is your knee?");
}
