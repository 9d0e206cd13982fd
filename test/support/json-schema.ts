import type { JsonSchema } from "../topology/json-schema.ts";

/** Whether a value fulfills a schema, as far as fe80's own schema goes: draft 7 without what that does not use. */
export function fulfills(value: unknown, schema: JsonSchema, root: JsonSchema = schema): boolean {
  return Object.entries(schema).every(([keyword, rule]) => {
    const check = keywords[keyword];
    if (check === undefined) throw new Error(`no keyword ${keyword}`);
    return check(value, { rule, schema, root });
  });
}

type Check = (value: unknown, at: { rule: unknown; schema: JsonSchema; root: JsonSchema }) => boolean;

const anything: Check = () => true;

const keywords: Readonly<Record<string, Check>> = {
  $schema: anything,
  title: anything,
  description: anything,
  $defs: anything,
  $ref: (value, { rule, root }) => {
    const found = (root["$defs"] as Record<string, JsonSchema>)[String(rule).replace("#/$defs/", "")];
    if (found === undefined) throw new Error(`no definition ${rule}`);
    return fulfills(value, found, root);
  },
  anyOf: (value, { rule, root }) => (rule as JsonSchema[]).some((schema) => fulfills(value, schema, root)),
  not: (value, { rule, root }) => !fulfills(value, rule as JsonSchema, root),
  enum: (value, { rule }) => (rule as unknown[]).includes(value),
  const: (value, { rule }) => value === rule,
  type: (value, { rule }) => [rule].flat().some((type) => types[String(type)]?.(value)),
  pattern: (value, { rule }) => typeof value !== "string" || new RegExp(String(rule)).test(value),
  minimum: (value, { rule }) => typeof value !== "number" || value >= Number(rule),
  maximum: (value, { rule }) => typeof value !== "number" || value <= Number(rule),
  minItems: (value, { rule }) => !Array.isArray(value) || value.length >= Number(rule),
  maxItems: (value, { rule }) => !Array.isArray(value) || value.length <= Number(rule),
  items: (value, { rule, root }) =>
    !Array.isArray(value) || value.every((item) => fulfills(item, rule as JsonSchema, root)),
  required: (value, { rule }) => !isObject(value) || (rule as string[]).every((key) => key in value),
  properties: (value, { rule, root }) =>
    !isObject(value) ||
    Object.entries(rule as Record<string, JsonSchema>).every(
      ([key, schema]) => !(key in value) || fulfills(value[key], schema, root),
    ),
  additionalProperties: (value, { rule, schema, root }) => {
    if (!isObject(value)) return true;
    const known = (schema["properties"] ?? {}) as object;
    const others = Object.keys(value).filter((key) => !(key in known));
    if (typeof rule === "boolean") return rule || others.length === 0;
    return others.every((key) => fulfills(value[key], rule as JsonSchema, root));
  },
};

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  array: (value) => Array.isArray(value),
  object: isObject,
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
