// What a file is held against, put together from parts: kinds of values, lists, members.

import type { FieldProblem } from "../../bindings";

/** What is wrong at a path of the file; `unknown` where nothing of that name belongs there. */
export type WrongInFile = Pick<FieldProblem, "field" | "limit" | "takes"> & {
  code: FieldProblem["code"] | "unknown";
};

export type Found = WrongInFile[];
type Check = (value: unknown, path: string, found: Found) => void;
/** How a member is looked at. */
export type Member = Check | { needed: Check };
type Members = Record<string, Member>;

/** What is looked at in each member of a type of the core: one that is forgotten does not compile. */
type MembersOf<T> = { [M in keyof Required<T>]: Member };
/** The same where the members hang on the `type`. */
export type MembersByType<T extends { type: string }> = {
  [K in T["type"]]: MembersOf<Omit<Extract<T, { type: K }>, "type">>;
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const say = (found: Found, field: string, code: WrongInFile["code"], more: Partial<WrongInFile> = {}) => {
  found.push({ field, code, ...more });
};

const inside = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

export const isText =
  ({ minLength = 0, maxLength = Number.POSITIVE_INFINITY } = {}): Check =>
  (value, path, found) => {
    if (typeof value !== "string") return say(found, path, "notAText");
    const length = [...value].length;
    if (length > maxLength) say(found, path, "tooLong", { limit: maxLength });
    if (length < minLength) say(found, path, minLength === 1 ? "empty" : "tooShort", { limit: minLength });
  };

export const text = isText();

export const isTruth: Check = (value, path, found) => {
  if (typeof value !== "boolean") say(found, path, "notTrueOrFalse");
};

export const isNumber: Check = (value, path, found) => {
  if (typeof value !== "number") say(found, path, "malformed");
};

export const anObject: Check = (value, path, found) => {
  if (!isObject(value)) say(found, path, "notAnObject");
};

export const oneOf =
  (...names: string[]): Check =>
  (value, path, found) => {
    if (typeof value !== "string" || !names.includes(value))
      say(found, path, "notOneOf", { takes: names.join(", ") });
  };

export const listOf =
  (item: Check, { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = {}): Check =>
  (value, path, found) => {
    if (!Array.isArray(value)) return say(found, path, "notAList");
    if (value.length < minItems) say(found, path, "tooFew", { limit: minItems });
    if (value.length > maxItems) return say(found, path, "tooMany", { limit: maxItems });
    value.forEach((one, n) => {
      item(one, `${path}[${n}]`, found);
    });
  };

/** An object of these members; what it has besides would be lost, and is refused. */
export function of<T>(members: MembersOf<T>): Check;
export function of(members: Members): Check {
  return (value, path, found) => {
    if (!isObject(value)) return say(found, path, "notAnObject");
    for (const [name, member] of Object.entries(members)) {
      const [check, isNeeded] = typeof member === "function" ? [member, false] : [member.needed, true];
      const part = Object.hasOwn(value, name) ? value[name] : undefined;
      if (part !== undefined && part !== null) check(part, inside(path, name), found);
      else if (isNeeded) say(found, inside(path, name), "missing");
    }
    for (const name of Object.keys(value))
      if (!Object.hasOwn(members, name)) say(found, inside(path, name), "unknown");
  };
}

export const needed = (check: Check) => ({ needed: check });

/** Which members there are hangs on one of them. */
export function byType<T extends { type: string }>(kinds: MembersByType<T>): Check;
export function byType(kinds: Record<string, Members>): Check {
  return (value, path, found) => {
    const type = isObject(value) ? value.type : undefined;
    const kind = typeof type === "string" && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (!isObject(value)) say(found, path, "notAnObject");
    else if (!kind) oneOf(...Object.keys(kinds))(type, inside(path, "type"), found);
    else of<typeof value>({ type: text, ...kind })(value, path, found);
  };
}
