/**
 * What `JSON.stringify(value, undefined, 2)` makes of an object, in pieces of one line or more: an element of a list at a time, for a
 * million routes make more than a string can hold.
 */
export function* jsonLines(value: object): Generator<string, void, void> {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  yield "{";
  for (const [index, [name, field]] of fields.entries()) {
    const end = index < fields.length - 1 ? "," : "";
    if (Array.isArray(field) && field.length > 0) yield* listLines(name, field, end);
    else yield `  ${JSON.stringify(name)}: ${indented(field, 2)}${end}`;
  }
  yield "}";
}

function* listLines(name: string, list: readonly unknown[], end: string): Generator<string, void, void> {
  yield `  ${JSON.stringify(name)}: [`;
  for (const [index, item] of list.entries()) {
    yield `    ${indented(item, 4)}${index < list.length - 1 ? "," : ""}`;
  }
  yield `  ]${end}`;
}

/** JSON, whose lines but the first begin with so many spaces more. */
function indented(value: unknown, spaces: number): string {
  return JSON.stringify(value, undefined, 2).replaceAll("\n", `\n${" ".repeat(spaces)}`);
}
