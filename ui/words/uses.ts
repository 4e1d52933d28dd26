// Which texts a part of the program can show: the strings of what it reaches, declaration by
// declaration. A table of labels or a kit of components lies in one file, and a screen uses a part.
// What is in doubt counts as used: a text too many costs bytes, one too few stays English.

import { posix } from "node:path";
import { parseSync } from "vite";

export type Source = { path: string; code: string };
/** What a declaration holds: texts, by `path#name` what else it uses, and files read when needed. */
type Held = { texts: string[]; uses: string[]; later: string[] };
type Node = { type: string; [key: string]: unknown };
type Import = { from: string; name: string };

/** All of a file; what runs when it is read. */
const WHOLE = "*";
const RUN = "";

const nothing = (): Held => ({ texts: [], uses: [], later: [] });

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** The nodes below this one that exist when it runs: no types, no names of properties. */
function partsOf(node: Node): Node[] {
  if (node.type.startsWith("TS")) return isNode(node.expression) ? [node.expression] : [];
  const named = node.computed ? "" : { MemberExpression: "property", Property: "key" }[node.type];
  return Object.entries(node)
    .filter(([key]) => key !== named || (isNode(node[key]) && node[key].type === "Literal"))
    .flatMap(([, value]) => value)
    .filter(isNode);
}

function* below(node: Node): Generator<Node> {
  yield node;
  for (const part of partsOf(node)) yield* below(part);
}

/** The names that a declaration gives. */
const namesIn = (statement: Node): string[] => {
  const given = (statement.declarations as Node[] | undefined)?.map(({ id }) => id) ?? [statement.id];
  return given
    .filter(isNode)
    .flatMap((id) => [...below(id)])
    .flatMap(({ type, name }) => (type === "Identifier" ? [name as string] : []));
};

class File {
  readonly held = new Map<string, Held>();
  /** The files it passes on whole. */
  readonly passedOn: string[] = [];
  private readonly imports = new Map<string, Import>();

  constructor(
    private readonly path: string,
    code: string,
    private readonly find: (from: string, to: string) => string | undefined,
  ) {
    const { program } = parseSync(path, code);
    const statements = program.body as unknown as Node[];
    for (const one of statements) if (one.type === "ImportDeclaration") this.addImport(one);
    for (const one of statements) if (one.type !== "ImportDeclaration") this.addStatement(one);
  }

  private addImport({ source, specifiers, importKind }: Node) {
    const from = this.find(this.path, (source as Node).value as string);
    if (!from || importKind === "type") return;
    const names = specifiers as Node[];
    if (names.length === 0) this.hold(RUN, { ...nothing(), uses: [`${from}#${WHOLE}`] });
    for (const { local, imported } of names)
      this.imports.set((local as Node).name as string, {
        from,
        name: isNode(imported) ? (imported.name as string) : WHOLE,
      });
  }

  private addStatement(one: Node) {
    if (one.type === "ExportAllDeclaration") {
      const from = this.find(this.path, (one.source as Node).value as string);
      if (from) this.passedOn.push(from);
      return;
    }
    if (Array.isArray(one.specifiers) && one.specifiers.length > 0) return this.addPassedOn(one);
    const declared = isNode(one.declaration) ? one.declaration : one;
    const names = one.type === "ExportDefaultDeclaration" ? ["default"] : namesIn(declared);
    const held = this.heldIn(declared);
    for (const name of names.length > 0 ? names : [RUN]) this.hold(name, held);
  }

  /** `export { one as other }`, of its own or of another file. */
  private addPassedOn({ specifiers, source }: Node) {
    const from = isNode(source) ? this.find(this.path, source.value as string) : undefined;
    for (const { local, exported } of specifiers as Node[]) {
      const name = (local as Node).name as string;
      const use = from ? `${from}#${name}` : this.useOf(name);
      this.hold((exported as Node).name as string, { ...nothing(), uses: [use] });
    }
  }

  private useOf(name: string): string {
    const read = this.imports.get(name);
    return read ? `${read.from}#${read.name}` : `${this.path}#${name}`;
  }

  private hold(name: string, more: Held) {
    const { texts, uses, later } = this.held.get(name) ?? nothing();
    this.held.set(name, {
      texts: [...texts, ...more.texts],
      uses: [...uses, ...more.uses],
      later: [...later, ...more.later],
    });
  }

  private heldIn(declared: Node): Held {
    const held = nothing();
    for (const { type, name, value, source } of below(declared)) {
      if (type === "Literal" && typeof value === "string") held.texts.push(value);
      if (type === "ImportExpression" && isNode(source)) {
        const to = this.find(this.path, String(source.value));
        if (to) held.later.push(to);
      }
      if (type === "Identifier" || type === "JSXIdentifier") held.uses.push(this.useOf(name as string));
    }
    return held;
  }
}

/** Each part that is read by itself, from the first file on: what it can show, and who asks for it. */
type Part = { texts: Set<string>; askedBy: Set<string> };

export function partsFrom(first: string, sources: Source[]): Map<string, Part> {
  const paths = new Set(sources.map(({ path }) => path));
  const find = (from: string, to: string) => {
    const path = posix.join(posix.dirname(from), to);
    return ["", ".ts", ".tsx", "/index.ts"].map((end) => path + end).find((one) => paths.has(one));
  };
  const files = new Map(sources.map(({ path, code }) => [path, new File(path, code, find)]));
  const parts = new Map<string, Part>([[first, { texts: new Set(), askedBy: new Set() }]]);
  // What is found on the way is gone through as well.
  for (const [path, part] of parts) {
    for (const { texts, later } of reachedFrom(path, files)) {
      for (const text of texts) part.texts.add(text);
      for (const to of later) {
        const other = parts.get(to) ?? { texts: new Set(), askedBy: new Set() };
        other.askedBy.add(path);
        parts.set(to, other);
      }
    }
  }
  return parts;
}

/** Every declaration that a file as a whole leads to. */
function reachedFrom(path: string, files: Map<string, File>): Held[] {
  const reached = new Map<string, Held>();
  const open = [`${path}#${WHOLE}`];
  for (let use = open.pop(); use !== undefined; use = open.pop()) {
    const [at = "", name = RUN] = use.split("#");
    const file = files.get(at);
    if (reached.has(use) || !file) continue;
    const held = file.held.get(name) ?? nothing();
    reached.set(use, held);
    open.push(...held.uses, `${at}#${RUN}`);
    if (name === WHOLE) open.push(...[...file.held.keys()].map((one) => `${at}#${one}`));
    if (!file.held.has(name)) open.push(...file.passedOn.map((from) => `${from}#${name}`));
  }
  return [...reached.values()];
}
