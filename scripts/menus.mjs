// Draws the pictures of the rich menu (src-tauri/menus), one for each language, with and without
// the call: `node scripts/menus.mjs`. They are kept in the repository, since letters of Thai have
// to be put together by a browser, and a clinic's computer has no fonts of Japanese and Chinese.
// The words are those of `domain/menu.rs`.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root, say } from "./lib.mjs";

/** LINE's sizes of a menu: 800 to 2,500 wide, at least 250 high, 1.45 times as wide as high. */
const [WIDTH, HEIGHT] = [1200, 405];

const WORDS = {
  en: ["My next message", "I feel worse", "Call us"],
  th: ["ข้อความถัดไปของฉัน", "อาการแย่ลง", "โทรหาเรา"],
  ja: ["次のメッセージ", "具合が悪くなった", "電話する"],
  "zh-TW": ["我的下一則訊息", "我覺得更不舒服", "打電話給我們"],
};

const FONTS = {
  en: `"Noto Sans"`,
  th: `"Noto Sans Thai"`,
  ja: `"Noto Sans CJK JP"`,
  "zh-TW": `"Noto Sans CJK TC"`,
};

/** Colour, and strokes on a field of 24 by 24. */
const PARTS = [
  ["#1c3d6e", "M12 7v5l3 2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18"],
  ["#9c2f2f", "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M9 10h.01M15 10h.01M9 16c2-2 4-2 6 0"],
  [
    "#1d5f43",
    "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2",
  ],
];

const font = (part) => {
  const file = join(root, `node_modules/@fontsource-variable/noto-sans-thai/files/noto-sans-thai-${part}.woff2`);
  return `data:font/woff2;base64,${readFileSync(file).toString("base64")}`;
};

const page = (language, count) => `<!doctype html><html lang="${language}"><style>
  @font-face { font-family: "Noto Sans Thai"; font-weight: 100 900; src: url("${font("thai-wght-normal")}"); }
  @font-face { font-family: "Noto Sans"; font-weight: 100 900; src: url("${font("latin-wght-normal")}"); }
  body { margin: 0; width: ${WIDTH}px; height: ${HEIGHT}px; display: flex; background: #fff;
    font: 600 40px/1.4 ${FONTS[language]}, "Noto Sans", sans-serif; }
  div { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center;
    gap: 26px; padding: 0 16px; text-align: center; }
  div + div { border-left: 2px solid #dfe5ee; }
  svg { fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
</style>${PARTS.slice(0, count)
  .map(
    ([color, path], n) => `<div style="color: ${color}"><svg viewBox="0 0 24 24" width="132" height="132">
      <path d="${path}"/></svg>${WORDS[language][n]}</div>`,
  )
  .join("")}</html>`;

say("The pictures of the rich menu");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const tab = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
for (const language of Object.keys(WORDS)) {
  for (const count of [2, 3]) {
    await tab.setContent(page(language, count));
    await tab.evaluate(() => document.fonts.ready);
    await tab.screenshot({ path: join(root, `src-tauri/menus/${language}-${count}.png`) });
  }
}
await browser.close();
