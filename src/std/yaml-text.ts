/** Plain data, as JSON has it; a `Map` keeps keys such as `7` in their order. */
type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | { readonly [key: string]: Value };

type Nested = Extract<Value, object>;

/** Columns of a line that a list or a map may fill before it is broken into lines of its own. */
const lineWidth = 110;

/** Words that some version of YAML takes for something else than a text. */
const taken = /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?\.(?:inf|nan)|<<|=)$/i;

/** Begins like a word or a path, and holds nothing that YAML gives a meaning there; a colon only inside a word. */
const plain = /^[\w./(](?:[\w./()@%+*=[\]{},-]|:(?=[^\s:])| (?=[^\s#]))*$/;

/** The same beside a map's or a list's own punctuation. */
const plainInFlow = /^[\w./(](?:[\w./()@+*=-]| (?=[^\s#]))*$/;

/** A text on one line: as it is where YAML 1.2 reads it back so, in double quotes otherwise. */
export function yamlText(text: string, { flow = false }: { flow?: boolean } = {}): string {
  // YAML 1.1 has digits with underscores, and numbers to the base of 60.
  const numeric = !Number.isNaN(Number(text)) || /^\d+(?:[_:]\d+)+(?:\.\d*)?$/.test(text);
  const safe = (flow ? plainInFlow : plain).test(text) && !taken.test(text) && !numeric;
  return safe ? text : JSON.stringify(text);
}

/** A value on one line: maps and lists in braces and brackets. */
export function yamlFlow(value: Value): string {
  if (typeof value === "string") return yamlText(value, { flow: true });
  if (isList(value)) return `[${value.map(yamlFlow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value ?? null);
  const entries = entriesOf(value).map(
    ([key, part]) => `${yamlText(key, { flow: true })}: ${yamlFlow(part)}`,
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** A document of plain data as lines: what is small on one line, all else in blocks. A key without a value is left out. */
export function yamlLines(value: Value): string[] {
  if (typeof value === "string") return textLines(value);
  if (typeof value !== "object" || value === null || partsOf(value).length === 0) return [yamlFlow(value)];
  if (isList(value)) return value.flatMap((item) => under("- ", item, { below: "  " }));
  return entriesOf(value).flatMap(([key, part]) =>
    under(`${yamlText(key, { flow: true })}: `, part, { below: "  " }),
  );
}

function under(head: string, value: Value, { below }: { below: string }): string[] {
  if (isSmall(value)) {
    const short = head + (typeof value === "string" ? yamlText(value) : yamlFlow(value));
    if (short.length <= lineWidth) return [short];
  }
  const lines = yamlLines(value);
  const [first = "", ...rest] = lines;
  // A list's item goes on behind its dash, and a literal text behind its key; all other blocks begin on the next line.
  const follows = head === "- " || typeof value !== "object";
  return follows
    ? [head + first, ...rest.map((line) => indent(line, below))]
    : [head.trimEnd(), ...lines.map((line) => indent(line, below))];
}

const indent = (line: string, by: string) => (line === "" ? "" : by + line);

/** A text of several lines stands as it is, unless YAML would change it. */
function textLines(text: string): string[] {
  const lines = text.split("\n");
  const literal = lines.length > 2 && /^\S/.test(text) && /\S\n$/.test(text) && /^[\x20-\x7e\n]*$/.test(text);
  return literal ? ["|", ...lines.slice(0, -1)] : [yamlText(text)];
}

/** Whether nothing is nested deeper in it than one level, and no text has several lines. */
function isSmall(value: Value): boolean {
  if (typeof value === "string") return textLines(value).length === 1;
  if (typeof value !== "object" || value === null) return true;
  return partsOf(value).every((part) => isLeaf(part) || (isList(part) && part.every(isLeaf)));
}

function isLeaf(value: Value): boolean {
  return typeof value !== "object" || value === null;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function partsOf(value: Nested): readonly Value[] {
  return isList(value) ? value : entriesOf(value).map(([, part]) => part);
}

function entriesOf(value: Exclude<Nested, readonly Value[]>): [string, Value][] {
  const entries: Iterable<[string, Value]> = value instanceof Map ? value : Object.entries(value);
  return [...entries].filter(([, part]) => part !== undefined);
}
