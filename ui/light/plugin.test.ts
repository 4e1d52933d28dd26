import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { INSTEAD } from "./plugin";

const MANTINE = "node_modules/@mantine";
const folderOf = (of: string) => (of.startsWith("/form/") ? MANTINE : join(MANTINE, "core/esm/components"));

it.each(INSTEAD)("$of of Mantine still asks for $asked, and for no more of it", ({ of, asked, names }) => {
  const code = readFileSync(join(folderOf(of), of), "utf8");
  const imported = [...code.matchAll(/import \{ ([^}]*) \} from "([^"]*)"/g)].filter((m) => m[2] === asked);
  expect(imported.map((match) => match[1])).toEqual([names]);
});

const LEFT_OUT =
  /ScrollContainer|Button\.?Group|ActionIcon\.?Group|GroupSection|Checkbox\.|AppShell\.?(?:Footer|Section)|<Table [^>]*\bdata=|<\/NavLink>|type="(?:bars|dots)"|createFormActions|useWatchValue|\b[fF]orm\.watch\b/;

it("no screen uses what is left out", () => {
  const source = readdirSync("ui/src", { withFileTypes: true, recursive: true })
    .filter(({ name }) => name.endsWith(".tsx"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  expect(source.filter((code) => LEFT_OUT.test(code))).toEqual([]);
});
