// A bot that answers every act of a person with every kind of message, as LINE's example bot
// "kitchensink" does, written with LINE's SDK for Node: what the person does on the practice
// phone must reach it, and its reply must be what stands in the chat. Arguments as those of
// node_sdk.mjs; one TAP line an act.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, base, , , values] = process.argv.slice(2);
const given = JSON.parse(readFileSync(values, "utf8"));
const sdk = await import(pathToFileURL(join(folder, "dist", "index.js")));
const options = { baseURL: base, channelAccessToken: "token" };
const line = new sdk.messagingApi.MessagingApiClient(options);
const blob = new sdk.messagingApi.MessagingApiBlobClient(options);

const picture = "https://example.com/picture.png";
const postback = { type: "postback", label: "Tell the bot", data: "told" };
const actions = [postback, { type: "message", label: "Say it", text: "said" }, { type: "uri", label: "Open", uri: "https://example.com" }];
const column = { thumbnailImageUrl: picture, title: "Title", text: "Text", actions };
const template = (altText, template) => ({ type: "template", altText, template });
const picker = (mode) => ({ type: "datetimepicker", label: mode, data: mode, mode });

/** What the bot says to these words. */
const ANSWERS = {
  buttons: () => template("buttons", { type: "buttons", ...column }),
  confirm: () => template("confirm", { type: "confirm", text: "Sure?", actions: [{ type: "message", label: "Yes", text: "Yes" }, { type: "message", label: "No", text: "No" }] }),
  carousel: () => template("carousel", { type: "carousel", columns: [column, column] }),
  "image carousel": () => template("image carousel", { type: "image_carousel", columns: [{ imageUrl: picture, action: picker("date") }] }),
  datetime: () => template("datetime", { type: "buttons", text: "When?", actions: ["date", "time", "datetime"].map(picker) }),
  imagemap: () => ({
    type: "imagemap",
    baseUrl: "https://example.com/map",
    altText: "imagemap",
    baseSize: { width: 1040, height: 1040 },
    actions: [{ type: "uri", linkUri: "https://example.com", area: { x: 0, y: 0, width: 520, height: 520 } }],
  }),
  flex: () => ({ type: "flex", altText: "flex", contents: { type: "bubble", body: { type: "box", layout: "vertical", contents: [{ type: "text", text: "Flex" }] } } }),
  "quick reply": () => ({ type: "text", text: "quick", quickReply: { items: [{ ...postback, displayText: "I told you" }, { type: "camera", label: "Camera" }, { type: "location", label: "Where" }].map((action) => ({ type: "action", action })) } }),
  sender: () => ({ type: "text", text: "from a nurse", sender: { name: "Nurse Nok", iconUrl: picture } }),
};

async function answerTo(event) {
  const { message } = event;
  switch (event.type === "message" ? message.type : event.type) {
    case "text": {
      if (message.text === "profile") {
        const { displayName } = await line.getProfile(event.source.userId);
        return { type: "text", text: displayName };
      }
      return ANSWERS[message.text]?.() ?? { type: "text", text: message.text, quoteToken: message.quoteToken };
    }
    case "image":
    case "video":
    case "audio": {
      const parts = [];
      for await (const part of await blob.getMessageContent(message.id)) parts.push(part);
      if (Buffer.concat(parts).toString("base64") !== given.png) throw new Error("the content is not what was sent");
      const original = { type: message.type, originalContentUrl: "https://example.com/original" };
      return message.type === "audio" ? { ...original, duration: 1000 } : { ...original, previewImageUrl: picture };
    }
    case "file":
      return { type: "text", text: message.fileName };
    case "sticker":
      return { type: "sticker", packageId: message.packageId, stickerId: message.stickerId };
    case "location":
      return { type: "location", title: message.title ?? "There", address: message.address, latitude: message.latitude, longitude: message.longitude };
    case "postback":
      return { type: "text", text: JSON.stringify([event.postback.data, event.postback.params ?? null]) };
    case "follow":
      return { type: "text", text: "welcome" };
    case "beacon":
      return { type: "text", text: event.beacon.hwid };
    default:
      return null;
  }
}

/** What went wrong in the bot itself since the last act. */
let trouble;
const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  try {
    if (!sdk.validateSignature(text, given.secret, request.headers["x-line-signature"])) throw new Error("the signature is wrong");
    for (const event of JSON.parse(text).events) {
      const answer = await answerTo(event);
      if (answer) await line.replyMessage({ replyToken: event.replyToken, messages: [answer] });
    }
  } catch (error) {
    trouble = error.body ?? error.message;
  }
  response.end();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
await line.setWebhookEndpoint({ endpoint: `http://127.0.0.1:${server.address().port}/` });

const user = `${base}/sandbox/users/${given.user}`;
const act = (what, body) =>
  fetch(`${user}/${what}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const chat = async () => (await fetch(`${user}/messages`)).json();

/** The acts, and what the reply to each is like; `null` where a bot cannot reply. */
const media = { content: given.png };
const ACTS = [
  ["text", { text: "profile" }, { type: "text", text: "Somchai" }],
  ["text", { text: "hello" }, { type: "text", text: "hello" }],
  ...Object.entries(ANSWERS).map(([text, answer]) => ["text", { text }, answer()]),
  ...["image", "video", "audio"].map((type) => ["message", { type, ...media }, { type }]),
  ["message", { type: "file", fileName: "result.pdf", ...media }, { type: "text", text: "result.pdf" }],
  ["message", { type: "sticker" }, { type: "sticker" }],
  ["message", { type: "location", title: "Home", address: "Bangkok" }, { type: "location", title: "Home" }],
  ["tap", { data: "told" }, { type: "text", text: '["told",null]' }],
  ["tap", { data: "date", params: { date: "2026-12-01" } }, { type: "text", text: '["date",{"date":"2026-12-01"}]' }],
  ["event", { type: "beacon", beacon: { hwid: "d41d8cd98f", type: "enter" } }, { type: "text", text: "d41d8cd98f" }],
  ["block", { blocked: true }, null],
  ["block", { blocked: false }, { type: "text", text: "welcome" }],
];

/** Whether all that is expected stands in what came. */
function isLike(came, expected) {
  if (expected === null || typeof expected !== "object") return came === expected;
  return Object.entries(expected).every(([name, value]) => isLike(came?.[name], value));
}

let failed = 0;
for (const [what, body, expected] of ACTS) {
  trouble = undefined;
  const before = (await chat()).filter((said) => said.from === "clinic").length;
  const { status } = await act(what, body);
  const replies = (await chat()).filter((said) => said.from === "clinic").slice(before);
  const isAnswered = expected ? replies.length === 1 && isLike(replies[0].message, expected) : replies.length === 0;
  const wrong = trouble ?? (status < 300 && isAnswered ? undefined : `${status}, answered ${JSON.stringify(replies)}`);
  failed += wrong ? 1 : 0;
  console.log(`${wrong ? "not ok" : "ok"} - kitchensink ${what} ${JSON.stringify(body).slice(0, 60)}${wrong ? ` # ${wrong}` : ""}`);
}
server.close();
server.closeAllConnections();
console.log(`# kitchensink pass ${ACTS.length - failed} fail ${failed}`);
process.exitCode = failed > 0 ? 1 : 0;
