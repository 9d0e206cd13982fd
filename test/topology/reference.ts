import { routingKeys } from "../../src/topology/routing-text.ts";
import { entriesOf } from "../../src/topology/schema-parts.ts";
import { language, metadataOf, type Schema } from "./json-schema.ts";

/** A page with every table between `<!-- keys: PART -->` and `<!-- end -->` as the language's schema has it. */
export function withTables(page: string): string {
  return page.replace(
    /(<!-- keys: ([\w-]+) -->\n).*?(<!-- end -->)/gs,
    (_, begin: string, part: string, end: string) => `${begin}${table(part)}${end}`,
  );
}

/** The parts of the language that have a table. */
const parts: Readonly<Record<string, () => Record<string, Schema>>> = {
  top: () => keysOf(language),
  router: () => without(keysOf(router()), [...Object.keys(sessionKeys()), ...Object.keys(routingKeys)]),
  routes: () => routingKeys as unknown as Record<string, Schema>,
  host: () => keysOf(body(1)),
  timers: () => keysOf(find(sessionKeys(), "timers")),
  session: sessionKeys,
  link: () => keysOf(longLink()),
  group: () => without(keysOf(valuesOf(find(keysOf(language), "groups"))), Object.keys(keysOf(router()))),
  match: () => keysOf(find(keysOf(rule()), "match")),
  set: () => keysOf(find(keysOf(rule()), "set")),
  expect: () => keysOf(find(keysOf(language), "expect")),
  "session-check": () => checkKeys("sessions"),
  "route-check": () => checkKeys("routes"),
  "kernel-check": () => checkKeys("kernel"),
  "ping-check": () => checkKeys("ping"),
  step: () => keysOf(step()),
  action: () => keysOf(choice(choice(find(keysOf(step()), "do"), 0), 0)),
  flow: () => keysOf(itemOf(find(keysOf(step()), "ping"))),
  chaos: () => keysOf(find(keysOf(step()), "chaos")),
};

function table(part: string): string {
  const keys = parts[part]?.() ?? {};
  const isBare = Object.values(keys).every((schema) => metadataOf(schema).without === undefined);
  const rows = Object.entries(keys).map(([key, schema]) => {
    const { meaning = "", without = "" } = metadataOf(schema);
    return `| \`${key}\` | ${meaning} |${isBare ? "" : ` ${without} |`}\n`;
  });
  if (rows.length === 0) throw new Error(`no part ${part}`);
  const head = isBare
    ? "| key | meaning |\n| --- | --- |"
    : "| key | meaning | without it |\n| --- | --- | --- |";
  return `\n${head}\n${rows.join("")}\n`;
}

function router(): Schema {
  return body(0);
}

/** The body of a router, or of a host. */
function body(index: 0 | 1): Schema {
  return choice(valuesOf(choice(find(keysOf(language), "routers"), 0)), index);
}

/** The long form of a policy's rule. */
function rule(): Schema {
  return choice(itemOf(valuesOf(find(keysOf(language), "policies"))), 1);
}

function step(): Schema {
  return itemOf(find(keysOf(language), "steps"));
}

function longLink(): Schema {
  return choice(itemOf(find(keysOf(language), "links")), 1);
}

function sessionKeys(): Record<string, Schema> {
  return keysOf(valuesOf(find(keysOf(longLink()), "sessions")));
}

function keysOf(schema: Schema): Record<string, Schema> {
  return { ...(entriesOf(schema) as Record<string, Schema> | undefined) };
}

function find(keys: Record<string, Schema>, key: string): Schema {
  const found = keys[key];
  if (found === undefined) throw new Error(`no key ${key}`);
  return found;
}

function without(keys: Record<string, Schema>, others: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => !others.includes(key)));
}

function choice(schema: Schema, index: number): Schema {
  const { choices = [] } = metadataOf(schema);
  const found = choices[index];
  if (found === undefined) throw new Error(`no choice ${index}`);
  return found;
}

function checkKeys(list: string): Record<string, Schema> {
  return keysOf(itemOf(find(keysOf(find(keysOf(language), "expect")), list)));
}

const valuesOf = (schema: Schema): Schema => deeper(schema, "value");
const itemOf = (schema: Schema): Schema => deeper(schema, "item");

/** The schema of a map's values or a list's items, behind what lets the whole be left out. */
function deeper(schema: Schema, part: "value" | "item"): Schema {
  const found = schema[part] ?? (schema.wrapped && deeper(schema.wrapped, part));
  if (found === undefined) throw new Error(`no ${part} in ${schema.type}`);
  return found;
}
