import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCALES } from ".";
import ja from "./ja.json";
import th from "./th.json";
import zhTW from "./zh-TW.json";

const catalogues: Record<string, Record<string, string>> = { th, ja, "zh-TW": zhTW };

const source = readdirSync("ui/src", { withFileTypes: true, recursive: true })
  .filter(({ name }) => /\.tsx?$/.test(name) && !/\.test\.|^(bindings|queries|fixtures)\./.test(name))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  .join("\n");

/** Every string that stands in the source: the labels are among them. */
const strings = new Set(
  [...source.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g)].map(([, double, single]) =>
    (double ?? single ?? "").replace(/\\(["'])/g, "$1"),
  ),
);

/** What the screens ask for by a sentence; the compiler looks at the tables of labels. */
const asked = [...source.matchAll(/\b(?:t|say)\(\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? "");

/** What the core says in sentences still, instead of by a code. */
const HEARD = new Set([
  "Choose a larger plan in the LINE Official Account Manager, or wait for the next month",
  "Copy the channel secret from the LINE Developers console (Basic settings) and enter it here",
  "Enter https://YOUR-ADDRESS/webhook/line as webhook URL in the LINE Developers console. LINE needs a public HTTPS address: run the headless service behind a reverse proxy or a tunnel",
  "Issue a channel access token in the LINE Developers console (Messaging API, at the bottom) and enter it here, or enter the channel id and the channel secret",
  "LINE allows 60 test calls an hour; try again later",
  "LINE cannot reach the address: look at DNS, the firewall, the certificate (a public one, with its chain) and whether the service runs",
  "LINE does not take the channel access token",
  "LINE does not tell whether redelivery is on",
  "LINE has delivered events again, so it is switched on",
  "Look at the internet connection of this machine, and whether a firewall lets it call api.line.me",
  "Look at the reverse proxy or the tunnel in front of this service",
  "Something else answers at the address: it must end in /webhook/line",
  'Switch on "Use webhook" in the LINE Developers console (Messaging API)',
  'Switch on "Webhook redelivery" in the LINE Developers console (Messaging API), so that answers given while this machine is off are not lost',
  "Switch on automatic time (NTP) in this machine's settings",
  "The address answers too slowly: look at the reverse proxy or the tunnel",
  "The channel secret here is not this channel's: copy it again from the console",
  "a file only you can read",
  "a message failed for good",
  "a message grew too old before it could be sent",
  "a part of the program stopped; it is being started again",
  "a test call arrived",
  "are up",
  "blocked the clinic's LINE account; nothing arrives",
  "can be read",
  "did not answer in time",
  "gave an answer that worries",
  "is not linked to LINE; steps wait and grow too old",
  "looks on time",
  "no webhook URL is entered",
  "postponed more often than the plan allows",
  "takes messages",
  "the environment",
  "the system keychain",
  "there is a channel secret",
  "this machine's clock agrees with LINE's",
  "used the code of this patient from a LINE account; a link exists already",
  "without the channel secret no answer can be trusted",
  "wrote a message",
]);

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe.each(Object.keys(LOCALES).filter((locale) => locale !== "en"))("the words of %s", (locale) => {
  const words = catalogues[locale] ?? {};

  it("cover every sentence of the screens", () => {
    expect([...new Set(asked)].filter((sentence) => !(sentence in words))).toEqual([]);
  });

  it("are those of every other language", () => {
    expect(Object.keys(words)).toEqual(Object.keys(th));
  });

  it("are all used", () => {
    const unused = Object.keys(words).filter((sentence) => !strings.has(sentence) && !HEARD.has(sentence));
    expect(unused).toEqual([]);
  });

  it("keep the same places to fill in", () => {
    const wrong = Object.entries(words).filter(
      ([en, other]) => `${placeholders(en)}` !== `${placeholders(other)}`,
    );
    expect(wrong).toEqual([]);
  });
});
