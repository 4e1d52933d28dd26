// Keeps out of the build what Mantine brings along for one line, or for what no screen has. A
// module that many share lies in one file whole: for a single function of the library that places
// menus each start would read all of it.

import type { Plugin } from "vite";

/** What a file of Mantine's asks for, by which names, and what it is given instead. */
export const INSTEAD: { of: string; asked: string; names: string; given: string }[] = [
  {
    of: "/ScrollArea/ScrollArea.mjs",
    asked: "@floating-ui/react",
    names: "useMergeRefs",
    given: `import { useMergedRef } from "@mantine/hooks";
export const useMergeRefs = (refs) => useMergedRef(...refs);`,
  },
  // Tables scroll in the kit's own box; this one brings the drawn scroll bars.
  {
    of: "/Table/Table.mjs",
    asked: "./TableScrollContainer.mjs",
    names: "TableScrollContainer",
    given: "export const TableScrollContainer = undefined;",
  },
];

const PREFIX = "\0light:";

export const light = (): Plugin => ({
  name: "light",
  apply: "build",
  enforce: "pre",
  resolveId(source, importer = "") {
    const n = INSTEAD.findIndex(({ of, asked }) => asked === source && importer.endsWith(of));
    return n < 0 ? undefined : `${PREFIX}${n}`;
  },
  load: (id) => (id.startsWith(PREFIX) ? INSTEAD[Number(id.slice(PREFIX.length))]?.given : undefined),
});
