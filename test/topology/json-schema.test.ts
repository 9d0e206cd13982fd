import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import t from "tap";
import { parse } from "yaml";
import { entriesOf } from "../../src/topology/schema-parts.ts";
import { fulfills } from "../support/json-schema.ts";
import { language, metadataOf, type Schema, topologyJsonSchema } from "./json-schema.ts";

const file = new URL("../../schema/topology.json", import.meta.url);
const schema = topologyJsonSchema();
const directory = new URL("../../topologies/", import.meta.url);
const shipped = readdirSync(directory).filter((name) => name.endsWith(".yaml"));
const isValid = (text: string) => fulfills(parse(text, { merge: true }), schema);

/** `GOLDEN=write node test/topology/json-schema.test.ts` writes the published schema anew, and `biome check --write` formats it. */
t.test("the published schema is that of the language", async (t) => {
  if (process.env["GOLDEN"] === "write") {
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, JSON.stringify(schema));
  }
  t.strictSame(JSON.parse(readFileSync(file, "utf8")), schema);
  const { files } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  t.ok(files.includes("schema"), "it is in the package");
});

t.test("every shipped topology names the schema, and fulfills it", async (t) => {
  for (const name of shipped) {
    const text = readFileSync(new URL(name, directory), "utf8");
    t.match(text, /^# yaml-language-server: \$schema=\.\.\/schema\/topology\.json$/m, name);
    t.ok(isValid(text), name);
  }
});

t.test("every snippet of the documentation fulfills the schema", async (t) => {
  const page = readFileSync(new URL("../../docs/topology.md", import.meta.url), "utf8");
  for (const [, text = ""] of page.matchAll(/^```yaml\n(.*?)^```/gms)) t.ok(isValid(text), text);
});

t.test("what is right in a topology is right for the schema", async (t) => {
  for (const text of [
    "name: x\nrouters: [r1]",
    "include: [common.yaml]",
    "name: x\nrouters: { r1: , 'leaf[1-4]': { asn: 65000 + n, med: ~, passive: '$" +
      "{P:-true}', kind: '$" +
      "{K}' } }",
    "name: x\nrouters: { h1: { kind: host, addresses: [10.1.0.10/24] } }",
    "name: x\nrouters: { r1: { remote-as: external, next-hop: { ipv4: 'fe80::7' }, timers: { hold: 3 * n } } }",
    "name: x\nrouters: [r1]\nlinks: [a -- b, { link: a -- b, ifindex: 5, mac: [~, '02:00:00:00:00:01'], rate: 1mbit }]",
    "name: x\nrouters: [r1]\nlinks: [{ link: a -- b, ifindex: [5, 6], sessions: { a: { remote-id: 0.0.0.1 }, b: } }]",
    "name: x\nrouters: [r1]\nlinks: [[a, 'b:eth0', 'c*'], { link: [a, b, c], ifindex: [5, 6, 7], mtu: 1500 }]",
    "name: x\nrouters: [r1]\nexpect: { within: 1m, settle: 0.5 }\nkinds: { bird: { med: 1 } }\ndefaults:\ngroups:",
    "name: x\nrouters: { 'r[1-2]': { multipath: { maximum-paths: 2 * n }, redistribute: [static], prefix-limit: n } }",
    "name: x\nrouters: { r1: { import: p, export: ~ } }\npolicies: { p: [accept, { match: { med: 0-100, peer: [eth0, 1] } }] }",
    "name: x\nrouters: { r1: { import: [{ set: { med: ~, community: { add: ['1:2'] } }, then: next }] } }",
  ]) {
    t.ok(isValid(text), text);
  }
});

t.test("what is badly wrong in a topology is wrong for the schema", async (t) => {
  for (const text of [
    "name: x",
    "routers: [r1]",
    "[]",
    "name: 5\nrouters: [r1]",
    "name: x\nrouters: r1",
    "name: x\nrouterz: [r1]",
    "name: x\nrouters: { r1: { asnn: 1 } }",
    "name: x\nrouters: { r1: { asn: 0 } }",
    "name: x\nrouters: { r1: { asn: AS1 } }",
    "name: x\nrouters: { r1: { kind: holo } }",
    "name: x\nrouters: { r1: { passive: maybe } }",
    "name: x\nrouters: { r1: { originate: 10 } }",
    "name: x\nrouters: { r1: { timers: { hold: [] } } }",
    "name: x\nrouters: { h1: { kind: host, asn: 5 } }",
    "name: x\nrouters: [r1]\nlinks: r1 -- r2",
    "name: x\nrouters: [r1]\nlinks: [[r1, 2]]",
    "name: x\nrouters: [r1]\nlinks: [{ mtu: 1500 }]",
    "name: x\nrouters: [r1]\nlinks: [{ link: a -- b, mtu: 500 }]",
    "name: x\nrouters: [r1]\nlinks: [{ link: a -- b, mac: 5 }]",
    "name: x\nrouters: [r1]\ngroups: { g: { asn: 5 } }",
    "name: x\nrouters: [r1]\ndefaults: { router-id: 0.0.0.1 }",
    "name: x\nrouters: { r1: { multipath: 4 } }",
    "name: x\nrouters: { r1: { add-path: all } }",
    "name: x\nrouters: [r1]\npolicies: { p: [maybe] }",
    "name: x\nrouters: [r1]\npolicies: { p: [{ match: { asn: 5 } }] }",
    "name: x\nrouters: [r1]\npolicies: { p: [{ set: { community: ['1:2'] } }] }",
  ]) {
    t.notOk(isValid(text), text);
  }
});

t.test("every key of the language is described", async (t) => {
  const visited = new Set<Schema>();
  const visit = (schema: Schema, place: string): void => {
    if (visited.has(schema)) return;
    visited.add(schema);
    for (const [key, value] of Object.entries(entriesOf(schema) ?? {}) as [string, Schema][]) {
      const described =
        /\b(kinds|next-hop|match prefix|set (ext-|large-)?community)$/.test(place) ||
        metadataOf(value).meaning !== undefined;
      t.ok(described, `${place} ${key}`);
      visit(value, `${place} ${key}`);
    }
    const { choices = [] } = metadataOf(schema);
    for (const part of [schema.wrapped, schema.value, schema.item, ...choices, ...(schema.pipe ?? [])]) {
      if (part !== undefined && part !== schema) visit(part, place);
    }
  };
  visit(language, "topology");
  t.ok(visited.size > 50);
});
