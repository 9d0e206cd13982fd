import type { Description } from "../../src/topology/described.ts";
import { topologySchema } from "../../src/topology/schema.ts";
import { type Described, entriesOf } from "../../src/topology/schema-parts.ts";

/** A JSON Schema, as far as one is made here (draft 7, which editors know best). */
export type JsonSchema = { readonly [key: string]: unknown };

/** A valibot schema with all that a JSON Schema needs of it. */
export interface Schema extends Described {
  readonly pipe?: readonly Schema[];
  readonly wrapped?: Schema;
  readonly metadata?: Partial<Metadata>;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly item?: Schema;
  readonly items?: readonly Schema[];
  readonly value?: Schema;
}

type Metadata = Description & { readonly choices: readonly Schema[] };

/** The language as a schema with descriptions. */
export const language = topologySchema as unknown as Schema;

/** A text that the environment's variables become part of. */
const variable = { $ref: "#/$defs/variable" };
const expression = { $ref: "#/$defs/expression" };

/** The JSON Schema of the topology language: what it lets pass may still be wrong, what it refuses is. */
export function topologyJsonSchema(): JsonSchema {
  const names = new Map<Schema, string>();
  const definitions: Record<string, JsonSchema> = {
    variable: { type: "string", pattern: "\\$\\{" },
    expression: { type: "string", pattern: "^[-+*/%()0-9ni\\s]+$|\\$\\{" },
  };
  const { required, ...whole } = objectOf(language, reference);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "fe80 topology",
    ...whole,
    anyOf: [{ required }, { required: ["include"] }],
    $defs: definitions,
  };

  /** Each key has one definition, however many maps have it. */
  function reference(key: string, schema: Schema): JsonSchema {
    const known = names.get(schema);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    const name = key in definitions ? `${key}-${names.size}` : key;
    names.set(schema, name);
    definitions[name] = {};
    definitions[name] = convert(schema, reference);
    return { $ref: `#/$defs/${name}` };
  }
}

type Reference = (key: string, schema: Schema) => JsonSchema;

/** What is said of a schema, the outermost word first. */
export function metadataOf(schema: Schema): Partial<Metadata> {
  const own = (schema.pipe ?? []).flatMap(({ metadata }) => metadata ?? []);
  const inner = [schema.wrapped, schema.pipe?.[0]].filter((part) => part !== undefined && part !== schema);
  return Object.assign({}, ...inner.map((part) => (part ? metadataOf(part) : {})), ...own);
}

function convert(schema: Schema, reference: Reference): JsonSchema {
  const { meaning, without, json, choices } = metadataOf(schema);
  const nullable = ["nullish", "nullable"].includes(schema.type) ? [{ type: "null" }] : [];
  const forms = json
    ? formsOf(json)
    : choices
      ? choices.map((choice) => convert(choice, reference))
      : bare(schema, reference);
  const [only] = forms;
  const value = forms.length + nullable.length === 1 && only ? only : { anyOf: [...forms, ...nullable] };
  if (meaning === undefined) return value;
  const otherwise = without === "required" ? " Required." : without ? ` Without it: ${without}.` : "";
  return { description: `${meaning}.${otherwise}`.replace(/\[([^\]]*)\]\(#[^)]*\)/g, "$1"), ...value };
}

/** The forms that a value may have; numbers and words may also be texts that become them. */
function bare(schema: Schema, reference: Reference): JsonSchema[] {
  const here = schema.wrapped ?? schema;
  if (here !== schema) return bare(here, reference);
  if (entriesOf(schema)) return [objectOf(schema, reference)];
  const of = (part: Schema | undefined) => (part ? convert(part, reference) : {});
  switch (schema.type) {
    case "string":
      return [{ type: "string" }];
    case "number":
      return formsOf({ type: "integer" });
    case "boolean":
      return formsOf({ type: "boolean" });
    case "picklist":
      return formsOf({ enum: schema.options });
    case "literal":
      return [{ const: schema.literal }];
    case "array":
      return [{ type: "array", items: of(schema.item) }];
    case "strict_tuple": {
      const { length } = schema.items ?? [];
      return [{ type: "array", items: of(schema.items?.[0]), minItems: length, maxItems: length }];
    }
    case "map":
    case "record":
      return [{ type: "object", additionalProperties: of(schema.value) }];
    case "custom":
      return metadataOf(schema).json ? [] : [{ not: {} }];
    default:
      throw new Error(`no JSON Schema for ${schema.type}`);
  }
}

function formsOf(json: JsonSchema): JsonSchema[] {
  if (json["type"] === "integer") return [json, expression];
  return json["type"] === "boolean" || "enum" in json ? [json, variable] : [json];
}

function objectOf(schema: Schema, reference: Reference): JsonSchema {
  const entries = Object.entries(entriesOf(schema) ?? {}) as [string, Schema][];
  const required = entries.flatMap(([key, { type }]) =>
    ["optional", "nullish", "exact_optional"].includes(type) ? [] : [key],
  );
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([key, value]) => [key, reference(key, value)])),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
}
