import { compileMessage } from "@lingui/message-utils/compileMessage";
import { expect, it } from "vitest";
import { compile } from "./compile";
import ja from "./ja.json";
import th from "./th.json";
import zhTW from "./zh-TW.json";

/** Without what makes no difference on a screen: an offset that is none. */
const plain = (parts: unknown) => JSON.parse(JSON.stringify(parts));

it("sentences are read as Lingui reads them", () => {
  const sentences = [Object.keys(th), ...[th, ja, zhTW].map((words) => Object.values(words))].flat();
  const differing = sentences.filter((text) => {
    const theirs = JSON.stringify(plain(compileMessage(text)));
    return JSON.stringify(plain(compile(text))) !== theirs;
  });
  expect(differing).toEqual([]);
});
