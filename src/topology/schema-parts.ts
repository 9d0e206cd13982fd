/** A valibot schema or action, as far as what describes it looks into it. */
export interface Described {
  readonly type: string;
  readonly pipe?: readonly Described[];
  readonly wrapped?: Described;
  readonly getter?: (input: unknown) => Described;
  readonly entries?: Readonly<Record<string, Described>>;
}

/** The schema behind those that let it be left out; a chosen one as it is chosen for a number. */
export function firstOf(schema: Described): Described {
  const inner = schema.wrapped ?? schema.getter?.(1);
  return inner === undefined ? schema : firstOf(inner);
}

/** The entries of a map's schema, which stand behind a check that it is a map. */
export function entriesOf(schema: Described): Readonly<Record<string, Described>> | undefined {
  const first = firstOf(schema);
  return (
    first.entries ?? first.pipe?.flatMap((part) => (part === first ? [] : [entriesOf(part)])).find(Boolean)
  );
}
