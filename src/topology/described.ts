import * as v from "valibot";

/** What a key means, for the reference and for editors. Markdown. */
export interface Description {
  readonly meaning: string;
  /** What holds if the key is not there; empty if that needs no words. */
  readonly without?: string;
  /** What the JSON Schema of the value says beside its type, such as `{ minimum: 1 }`. */
  readonly json?: Readonly<Record<string, unknown>>;
}

/** The same schema with the description of a key that has it. */
export function described<Schema extends v.GenericSchema>(schema: Schema, description: Description): Schema {
  // A pipe keeps all of its first schema, and metadata changes nothing in what it does.
  return v.pipe(schema, v.metadata({ ...description })) as unknown as Schema;
}

/** A key that may be left out; `null` takes back what was said further out. */
export function key<Schema extends v.GenericSchema>(schema: Schema, description: Description) {
  return v.nullish(described(schema, description));
}

/** A key that may be left out, but has no way to say so. */
export function part<Schema extends v.GenericSchema>(schema: Schema, description: Description) {
  return v.optional(described(schema, description));
}

/** A schema that is chosen by the input; for a JSON Schema all choices are listed. */
export function either<const Schemas extends readonly v.GenericSchema[]>(
  choose: (input: unknown) => Schemas[number],
  choices: Schemas,
): v.GenericSchema<v.InferInput<Schemas[number]>, v.InferOutput<Schemas[number]>> {
  return v.pipe(v.lazy(choose), v.metadata({ choices })) as unknown as v.GenericSchema<
    v.InferInput<Schemas[number]>,
    v.InferOutput<Schemas[number]>
  >;
}
