import { expect, test } from "vitest";

const files = import.meta.glob<string>(
  ["../{components,features,lib,shared}/**/*.{ts,tsx}", "!../**/*.test.*"],
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);

/** The first folders of a path below `ui/src`: `features/people`, `components`, `queries`. */
function roomOf(path: string): string {
  const [room = "", feature = ""] = path.replace(/^\//, "").split("/");
  return room === "features" ? `${room}/${feature}` : room;
}

/** What a file reads of other rooms, each with its address: `["shared", "../shared/obstacle"]`. */
function readIn(path: string, text: string): [room: string, to: string][] {
  const found = text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g);
  return [...found].map(([, to = ""]) => [roomOf(new URL(to, `file:///${path}`).pathname), to]);
}

/** Which of the rooms that others may not all read each kind of room reads. */
const READS: Record<string, string[]> = {
  features: ["shared", "components", "queries"],
  shared: ["components", "queries"],
  components: [],
  lib: [],
};

/** Whether a file of one room may read another: of features only its own, and what lies below it. */
function mayRead(room: string, other: string): boolean {
  const [kind = ""] = room.split("/");
  const guarded = ["app", "features", "shared", "components", "queries"];
  const [otherKind = ""] = other.split("/");
  return room === other || !guarded.includes(otherKind) || !!READS[kind]?.includes(other);
}

test("each room reads only what the plan allows: features, what they share, what shows, the rest", () => {
  const all = Object.entries(files).map(
    ([path, text]) => [path.startsWith("../") ? path.slice(3) : `features/${path.slice(2)}`, text] as const,
  );
  expect(all.length).toBeGreaterThan(250);
  const wrong = all.flatMap(([path, text]) => {
    const room = roomOf(path);
    const across = readIn(path, text).filter(([other]) => !mayRead(room, other));
    const asks = room === "components" && /\bcommands\b|@tanstack\/react-query/.test(text);
    return [...across.map(([, to]) => `${path}: ${to}`), ...(asks ? [`${path} asks the core`] : [])];
  });
  expect(wrong).toEqual([]);
});
