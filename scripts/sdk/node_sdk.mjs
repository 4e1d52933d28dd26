// LINE's SDK for Node, every call and every webhook, against a practice LINE. Arguments: the
// SDK's folder, the practice LINE's address, calls.json, acts.json, and a file with what the calls
// are filled in with. One TAP line a call.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, base, ...files] = process.argv.slice(2);
const [calls, acts, given] = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
const sdk = await import(pathToFileURL(join(folder, "dist", "index.js")));

const options = { baseURL: base, channelAccessToken: "token" };
const clients = {
  token: new sdk.channelAccessToken.ChannelAccessTokenClient({ baseURL: base }),
  messaging: new sdk.messagingApi.MessagingApiClient(options),
  blob: new sdk.messagingApi.MessagingApiBlobClient(options),
  insight: new sdk.insight.InsightClient(options),
  audience: new sdk.manageAudience.ManageAudienceClient(options),
  audienceBlob: new sdk.manageAudience.ManageAudienceBlobClient(options),
  liff: new sdk.liff.LiffClient(options),
  module: new sdk.moduleOperation.LineModuleClient(options),
  attach: new sdk.moduleAttach.LineModuleAttachClient(options),
  shop: new sdk.shop.ShopClient(options),
};

const said = { passed: 0, failed: 0 };
function tell(name, problem) {
  said[problem ? "failed" : "passed"] += 1;
  console.log(`${problem ? "not ok" : "ok"} - node ${name}${problem ? ` # ${problem}` : ""}`);
}

const heard = [];
const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  heard.push([Buffer.concat(parts).toString(), request.headers["x-line-signature"]]);
  response.end();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

async function act(what, body) {
  const url = `${base}/sandbox/users/${given.user}/${what}`;
  await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** A value with what stands for another (`@name`, `$name`) replaced. */
function fill(value, kept) {
  if (Array.isArray(value)) return value.map((item) => fill(item, kept));
  if (typeof value === "string" && /^[@$]/.test(value)) return kept[value.slice(1)];
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, kept)]));
}

async function one(client, method, args) {
  const withInfo = client[`${method}WithHttpInfo`];
  try {
    const { httpResponse, body } = await withInfo.apply(client, args);
    // What is streamed is read to its end, or it holds its connection.
    if (typeof body?.resume === "function") body.resume();
    return { status: httpResponse.status, headers: httpResponse.headers, body };
  } catch (error) {
    return { status: error.status, headers: error.headers, body: error.body, error };
  }
}

async function runCalls(kept) {
  const called = new Set();
  for (const [kind, method, args, expected, save = {}] of calls) {
    const client = clients[kind];
    if (typeof client[method] !== "function") continue;
    called.add(`${kind}.${method}`);
    const { status, headers, body, error } = await one(client, method, Object.values(fill(args, kept)));
    for (const [name, place] of Object.entries(save)) {
      kept[name] = place === "@request-id" ? headers?.get("x-line-request-id") : body?.[place];
    }
    const wrong = status === expected ? undefined : `${status ?? error} in place of ${expected}: ${JSON.stringify(body)}`;
    tell(`${kind}.${method} ${expected}`, wrong ?? (headers.get("x-line-request-id") ? undefined : "no x-line-request-id"));
  }
  for (const [kind, client] of Object.entries(clients)) {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(client))) {
      const isCall = `${name}WithHttpInfo` in client && !called.has(`${kind}.${name}`);
      if (isCall) tell(`${kind}.${name}`, "is not called");
    }
  }
}

async function runActs() {
  for (const [what, body] of acts) {
    heard.length = 0;
    await act(what, body);
    const [text, signature] = heard[0] ?? ["{}", ""];
    const isSigned = sdk.validateSignature(text, given.secret, signature);
    const event = JSON.parse(text).events?.[0];
    const kind = { tap: "postback", block: body.blocked ? "unfollow" : "follow", message: "message" }[what] ?? body.type;
    tell(`webhook ${kind}`, isSigned && event?.type === kind ? undefined : `is not as signed: ${text}`);
  }
}

const webhook = `http://127.0.0.1:${server.address().port}/`;
const picture = new Blob([Buffer.from(given.png, "base64")], { type: "image/png" });
const kept = { ...given, key: randomUUID(), webhook, png: picture, ids: new Blob([`${given.user}\n`]) };
await clients.messaging.setWebhookEndpoint({ endpoint: webhook });
await act("message", { type: "image" });
kept.image = JSON.parse(heard.at(-1)[0]).events[0].message.id;
await act("message", { type: "text", text: "hello" });
const { replyToken, message } = JSON.parse(heard.at(-1)[0]).events[0];
kept.reply = replyToken;
kept.read = message.markAsReadToken;
await runCalls(kept);
await runActs();
server.close();
server.closeAllConnections();
console.log(`# node pass ${said.passed} fail ${said.failed}`);
process.exitCode = said.failed > 0 ? 1 : 0;
