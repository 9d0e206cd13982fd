import assert from "node:assert";
import fc from "fast-check";
import t from "tap";
import { type Candidate, evaluate } from "../../../src/bgp/policy/evaluate.ts";
import type { Changes, ListChange, Match, Policy, PrefixRange } from "../../../src/bgp/policy/policy.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { formatPrefix, prefix as toPrefix } from "../../../src/net/prefix.ts";
import { route } from "./policies.ts";

const few = fc.integer({ min: 0, max: 3 });
const network = fc.record({
  octet: fc.constantFrom(0, 64, 128, 192),
  length: fc.integer({ min: 0, max: 10 }),
});
const networkText = network.map(({ octet, length }) => formatPrefix(Uint8Array.of(10, octet, 0, 0), length));
const range: fc.Arbitrary<PrefixRange> = fc
  .tuple(networkText, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }))
  .map(([prefix, ge, le]) => ({ prefix, ge, le }));
const span = fc.tuple(few, few).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));
const optional = { requiredKeys: [] };
const match: fc.Arbitrary<Match> = fc.record(
  {
    prefixes: fc.array(range, { minLength: 1, maxLength: 4 }),
    communities: fc.array(few, { minLength: 1, maxLength: 2 }),
    med: span,
    peers: fc.constantFrom(["eth0"], ["eth1"], [asn(64513), "eth1"]),
    nextHops: fc.constantFrom([toPrefix("fe80::2/128")], [toPrefix("fe80::7/128")]),
  },
  optional,
);
const change: fc.Arbitrary<ListChange<number>> = fc.record(
  { set: fc.uniqueArray(few), delete: fc.uniqueArray(few), add: fc.uniqueArray(few) },
  optional,
);
const nextHop = fc.constantFrom("fe80::2" as Address, "fe80::7" as Address);
const changes: fc.Arbitrary<Changes> = fc.record(
  { med: fc.option(few), communities: change, nextHop },
  optional,
);
const policies: fc.Arbitrary<Policy> = fc.record({
  name: fc.constant("p"),
  rules: fc.array(fc.record({ match, set: changes, action: fc.constantFrom("accept", "reject", "next") }), {
    maxLength: 5,
  }),
});
const routes = fc
  .tuple(fc.record({ med: few, communities: fc.uniqueArray(few, { minLength: 1 }) }, optional), networkText)
  .map(([attributes, text]) => route(attributes, { to: text }));

t.test("a policy does what its rules say, read one after another, and changes nothing else", (t) => {
  fc.assert(
    fc.property(policies, routes, (policy, candidate) => {
      const before = structuredClone(candidate);
      const verdict = evaluate(policy, candidate, asn(64512));
      assert.deepStrictEqual(candidate, before);
      assert.deepStrictEqual(verdict, read(policy, candidate));
    }),
    { numRuns: 1000 },
  );
  t.end();
});

/** The policy read slowly. */
function read({ name, rules }: Policy, candidate: Candidate) {
  const { med: given, communities: listed = [], ...rest } = candidate.attributes;
  let [med, communities] = [given, listed];
  let told = candidate.nextHop;
  let setsMed = false;
  for (const [index, { match, set, action }] of rules.entries()) {
    const bits = toBits(candidate.network).slice(0, candidate.length);
    const held =
      (match.prefixes?.some(({ prefix, ge, le }) => {
        const [address = "", length = ""] = prefix.split("/");
        const common = toBits(Uint8Array.from(address.split("."), Number)).slice(0, Number(length));
        return bits.startsWith(common) && ge <= bits.length && bits.length <= le;
      }) ??
        true) &&
      (match.communities?.some((one) => communities.includes(one)) ?? true) &&
      (match.med === undefined || (match.med.min <= (med ?? 0) && (med ?? 0) <= match.med.max)) &&
      (match.peers?.some((peer) => peer === "eth0" || peer === 64513) ?? true) &&
      (match.nextHops?.some((one) => one === `${told?.linkLocal}/128`) ?? true);
    if (!held) continue;
    const by = `${name} rule ${index + 1}`;
    if (action === "reject") return { type: "rejected", by };
    if (set.nextHop !== undefined) told = { linkLocal: set.nextHop };
    if (set.med !== undefined) [med, setsMed] = [set.med ?? undefined, true];
    const { set: all = communities, delete: gone = [], add = [] } = set.communities ?? {};
    communities = all.filter((one) => !gone.includes(one));
    for (const one of add) if (!communities.includes(one)) communities = [...communities, one];
    const attributes: PathAttributes = {
      ...rest,
      ...(med === undefined ? {} : { med }),
      ...(communities.length === 0 ? {} : { communities }),
    };
    if (action === "accept") {
      const nextHop = told === candidate.nextHop ? undefined : told;
      return { type: "accepted", attributes, nextHop, setsMed, by };
    }
  }
  return { type: "rejected", by: `the end of ${name}` };
}

function toBits(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(2).padStart(8, "0")).join("");
}
