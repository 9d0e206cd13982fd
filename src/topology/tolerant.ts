import type * as v from "valibot";

/**
 * Keeps a part's mistakes but lets the rest be checked and used without it: its value is then undefined.
 *
 * Keys that it should not have take nothing away from a part.
 */
export function tolerant<Schema extends v.GenericSchema>(schema: Schema) {
  return {
    ...schema,
    "~run"(dataset, config) {
      const { value, typed, issues } = schema["~run"](dataset, config);
      if (issues === undefined) return { typed: true, value };
      const usable = typed && issues.every(({ path }) => path?.at(-1)?.origin === "key");
      return { typed: true, value: usable ? value : undefined, issues };
    },
  } as v.GenericSchema<v.InferInput<Schema>, v.InferOutput<Schema> | undefined>;
}
