// How much JavaScript each screen needs before it is first drawn, in every language: what the page itself
// reads, what the screen's file imports, and the words of both. `node scripts/sizes.mjs` shows it.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { read, root } from "./lib.mjs";

/** Of a cold start, in kB of 1,000 bytes, packed as the server sends them (docs/ui.md). */
const MAX_SCREEN_KB = 230;
/** What every start reads before its first screen; who needs more looks for what can come later. */
const MAX_FRAME_KB = 181;
const LANGUAGES = ["en", "th", "ja", "zh-TW"];

/** The chunks of a build by their names; nothing is written. */
async function chunksOfBuild() {
  // Not above: the check imports this before it has installed anything.
  const { build } = await import("vite");
  const { output } = await build({
    configFile: join(root, "ui/vite.config.ts"),
    logLevel: "error",
    build: { write: false },
  });
  const page = output.find(({ fileName }) => fileName === "index.html").source;
  const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name);
  const chunks = new Map(output.filter(({ type }) => type === "chunk").map((one) => [one.fileName, one]));
  return { first, chunks };
}

/** These chunks and all that they cannot do without. */
function withImports(names, chunks, found = new Set()) {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    withImports(chunks.get(name).imports, chunks, found);
  }
  return found;
}

/** The paths of the screens below `features`, as the table of screens reads them. */
const SCREENS = [...read("ui/src/app/screens.tsx").matchAll(/import\("\.\.\/features\/([^"]+)"\)/g)].map(([, path]) => path);

/** What each screen and the frame need, in bytes by language. */
export async function coldStarts() {
  const { first, chunks } = await chunksOfBuild();
  const frame = withImports(first, chunks);
  const later = [...frame].flatMap((name) => chunks.get(name).dynamicImports);
  const module = (name) => chunks.get(name)?.facadeModuleId ?? "";
  const wordsOf = (names, language, place) =>
    names.flatMap((name) => chunks.get(name).dynamicImports).filter((name) => module(name).includes(`virtual:words/${place}`) && module(name).endsWith(`/${language}`));
  const size = new Map([...chunks].map(([name, { code }]) => [name, gzipSync(code).length]));
  const bytesOf = (names) => [...new Set(names)].reduce((sum, name) => sum + size.get(name), 0);
  const inEach = (own) =>
    LANGUAGES.map((language) => bytesOf([...frame, ...own, ...wordsOf([...frame], language, "frame"), ...wordsOf(own, language, "")]));
  const ofScreen = (path) => {
    const file = later.find((name) => module(name).endsWith(`/ui/src/features/${path}.tsx`));
    if (!file) throw new Error(`no chunk of the screen ${path}`);
    return inEach([...withImports([file], chunks, new Set(frame))].filter((name) => !frame.has(name)));
  };
  return { frame: inEach([]), screens: SCREENS.map((path) => [path, ofScreen(path)]) };
}

/** What is too large, in sentences; says all sizes. */
export async function tooLarge() {
  const { frame, screens } = await coldStarts();
  if (screens.length === 0 || frame.some((bytes) => bytes === 0)) return ["The build has no screens."];
  const kB = (bytes) => Math.round(bytes / 1000);
  console.log(`JavaScript of a cold start in kB, in ${LANGUAGES.join(", ")}:`);
  const rows = [["the frame", frame, MAX_FRAME_KB], ...screens.map(([path, sizes]) => [path, sizes, MAX_SCREEN_KB])];
  return rows.flatMap(([what, sizes, most]) => {
    console.log(`  ${what} ${sizes.map(kB).join(" ")}`);
    const largest = Math.max(...sizes);
    return largest > most * 1000 ? [`${what} has ${kB(largest)} kB of JavaScript; it may have ${most}.`] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await tooLarge();
  if (found.length > 0) console.error(found.join("\n"));
  process.exit(found.length > 0 ? 1 : 0);
}
