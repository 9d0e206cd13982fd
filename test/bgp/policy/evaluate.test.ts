import t from "tap";
import { dependsOnPrefix, evaluate } from "../../../src/bgp/policy/evaluate.ts";
import type { Changes, Match } from "../../../src/bgp/policy/policy.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { policy, route, rule } from "./policies.ts";

const own = asn(64512);
const matches = (match: Match, candidate = route()) =>
  evaluate(policy(rule(match)), candidate, own).type === "accepted";

t.test("a route matches if all holds, and of a list one item", (t) => {
  const eight = { prefix: prefix("10.0.0.0/8"), ge: 8, le: 24 };
  const cases: [match: Match, candidate: ReturnType<typeof route>, expected: boolean][] = [
    [{}, route(), true],
    [{ prefixes: [eight] }, route(), true],
    [{ prefixes: [eight] }, route({}, { to: "10.0.0.0/8" }), true],
    [{ prefixes: [eight] }, route({}, { to: "10.0.0.0/25" }), false],
    [{ prefixes: [eight] }, route({}, { to: "11.0.0.0/24" }), false],
    [{ prefixes: [eight] }, route({}, { to: "0.0.0.0/0" }), false],
    [{ prefixes: [eight] }, route({}, { to: "a00::/16" }), false],
    [{ prefixes: [{ prefix: prefix("0.0.0.0/0"), ge: 0, le: 0 }] }, route({}, { to: "0.0.0.0/0" }), true],
    [{ prefixes: [{ prefix: prefix("::/0"), ge: 16, le: 16 }] }, route({}, { to: "a00::/16" }), true],
    [
      { prefixes: [{ prefix: prefix("10.0.0.0/9"), ge: 9, le: 32 }] },
      route({}, { to: "10.128.0.0/9" }),
      false,
    ],
    [{ asPath: "^64513$" }, route(), true],
    [{ asPath: "^64514" }, route(), false],
    [{ communities: [1, 2] }, route({ communities: [2, 3] }), true],
    [{ communities: [1, 2] }, route({ communities: [3] }), false],
    [{ communities: [1, 2] }, route(), false],
    [
      { extendedCommunities: ["0002fc0000000001"] },
      route({ extendedCommunities: ["0002fc0000000001"] }),
      true,
    ],
    [
      { extendedCommunities: ["0002fc0000000001"] },
      route({ extendedCommunities: ["0002fc0000000002"] }),
      false,
    ],
    [
      { largeCommunities: [[1, 2, 3]] },
      route({
        largeCommunities: [
          [0, 0, 0],
          [1, 2, 3],
        ],
      }),
      true,
    ],
    [{ largeCommunities: [[1, 2, 3]] }, route({ largeCommunities: [[1, 2, 4]] }), false],
    [{ nextHops: [prefix("fe80::/64")] }, route(), true],
    [{ nextHops: [prefix("2001:db8::/32")] }, route(), false],
    [
      { nextHops: [prefix("2001:db8::/32")] },
      route({}, { nextHop: { global: "2001:db8::1" as Address } }),
      true,
    ],
    [{ nextHops: [prefix("::/0")] }, route({}, { nextHop: undefined }), false],
    [{ peers: ["eth1", "eth0"] }, route(), true],
    [{ peers: ["eth1"] }, route(), false],
    [{ peers: [asn(64513)] }, route(), true],
    [{ peers: [asn(64513)] }, route({}, { from: undefined }), false],
    [{ origin: "igp" }, route(), true],
    [{ origin: "egp" }, route(), false],
    [{ med: { min: 5, max: 7 } }, route({ med: 7 }), true],
    [{ med: { min: 5, max: 7 } }, route({ med: 8 }), false],
    [{ med: { min: 0, max: 0 } }, route(), true],
    [{ localPref: { min: 200, max: 200 } }, route({ localPref: 200 }), true],
    [{ localPref: { min: 100, max: 100 } }, route(), true],
    [{ origin: "igp", med: { min: 1, max: 1 } }, route(), false],
  ];
  for (const [match, candidate, expected] of cases)
    t.equal(matches(match, candidate), expected, JSON.stringify(match));
  t.end();
});

t.test("a rule changes attributes, and no other object", (t) => {
  const before: Partial<PathAttributes> = { communities: [1, 2], med: 5, largeCommunities: [[1, 2, 3]] };
  const cases: [set: Changes, changed: object][] = [
    [{ origin: "incomplete" }, { origin: "incomplete" }],
    [{ med: 7 }, { med: 7 }],
    [{ med: null }, { med: undefined }],
    [{ localPref: 200 }, { localPref: 200 }],
    [{ prepend: 2 }, { asPath: [{ type: "sequence", asns: [64512, 64512, 64513] }] }],
    [{ communities: { add: [2, 3] } }, { communities: [1, 2, 3] }],
    [{ communities: { delete: [1, 9] } }, { communities: [2] }],
    [{ communities: { delete: [1, 2] } }, { communities: undefined }],
    [{ communities: { set: [] } }, { communities: undefined }],
    [{ communities: { set: [7, 8], delete: [8], add: [9] } }, { communities: [7, 9] }],
    [{ largeCommunities: { delete: [[1, 2, 3]], add: [[4, 5, 6]] } }, { largeCommunities: [[4, 5, 6]] }],
    [{ extendedCommunities: { add: ["0002fc0000000001"] } }, { extendedCommunities: ["0002fc0000000001"] }],
  ];
  for (const [set, changed] of cases) {
    const candidate = route(before);
    const { attributes } = candidate;
    const verdict = evaluate(policy(rule({}, set)), candidate, own);
    const expected = Object.entries({ ...attributes, ...changed }).filter(([, value]) => value !== undefined);
    t.strictSame(
      verdict,
      {
        type: "accepted",
        attributes: Object.fromEntries(expected),
        nextHop: undefined,
        setsMed: set.med !== undefined,
        by: "customers rule 1",
      },
      JSON.stringify(set),
    );
    t.strictSame(attributes, route(before).attributes);
  }
  t.end();
});

t.test("attributes that a rule leaves as they are are the same object", (t) => {
  const candidate = route({ med: 5, communities: [1, 2], largeCommunities: [[1, 2, 3]] });
  const changes: Changes[] = [
    {},
    { med: 5, origin: "igp", localPref: null },
    {
      communities: { add: [2] },
      largeCommunities: { set: [[1, 2, 3]] },
      extendedCommunities: { delete: ["0"] },
    },
  ];
  for (const set of changes) {
    const verdict = evaluate(policy(rule({}, set)), candidate, own);
    t.equal(verdict.type === "accepted" && verdict.attributes, candidate.attributes, JSON.stringify(set));
  }
  t.end();
});

t.test("our own ASN comes before a set of ASNs, and alone on an empty path", (t) => {
  const prepended = (asPath: PathAttributes["asPath"]) => {
    const verdict = evaluate(policy(rule({}, { prepend: 1 })), route({ asPath }), own);
    return verdict.type === "accepted" && verdict.attributes.asPath;
  };
  t.strictSame(prepended([]), [{ type: "sequence", asns: [64512] }]);
  t.strictSame(prepended([{ type: "set", asns: [1, 2] }]), [
    { type: "sequence", asns: [64512] },
    { type: "set", asns: [1, 2] },
  ]);
  t.end();
});

t.test("the first rule that accepts or rejects decides, and sees what those before it have set", (t) => {
  const rules = policy(
    rule({ communities: [7] }, {}, "reject"),
    rule({ med: { min: 5, max: 5 } }, { med: 50 }, "next"),
    rule({ med: { min: 50, max: 50 } }, { localPref: 200 }),
    rule({ origin: "egp" }, { localPref: 300 }),
  );
  const verdict = (attributes: Partial<PathAttributes>) => evaluate(rules, route(attributes), own);
  t.match(verdict({ communities: [7] }), { type: "rejected", by: "customers rule 1" });
  t.match(verdict({ med: 5 }), {
    type: "accepted",
    by: "customers rule 3",
    attributes: { med: 50, localPref: 200 },
  });
  t.match(verdict({ origin: "egp" }), {
    type: "accepted",
    by: "customers rule 4",
    attributes: { localPref: 300 },
  });
  t.strictSame(verdict({ origin: "incomplete" }), { type: "rejected", by: "the end of customers" });
  t.end();
});

t.test("a rule sets the next hop, which those behind it see", (t) => {
  const [one, other] = ["fe80::7" as Address, "2001:db8::7" as Address];
  const rules = policy(
    rule({ origin: "igp" }, { nextHop: one }, "next"),
    rule({ nextHops: [prefix("fe80::7/128")], med: { min: 5, max: 5 } }),
    rule({ nextHops: [prefix("fe80::2/128")], med: { min: 6, max: 6 } }),
    rule({}, { nextHop: other }),
  );
  const nextHop = (attributes: Partial<PathAttributes>, candidate = route(attributes)) => {
    const verdict = evaluate(rules, candidate, own);
    t.strictSame(candidate, route(attributes), "the route itself stays as it is");
    return verdict.type === "accepted" && [verdict.by, verdict.nextHop];
  };
  t.strictSame(nextHop({ med: 5 }), ["customers rule 2", { linkLocal: one }]);
  t.strictSame(nextHop({ med: 6 }), ["customers rule 4", { global: other }]);
  t.strictSame(nextHop({ origin: "egp", med: 6 }), ["customers rule 3", undefined]);
  t.end();
});

t.test("only a policy that asks for prefixes depends on them", (t) => {
  t.notOk(dependsOnPrefix(policy(rule({ origin: "igp" }))));
  t.ok(dependsOnPrefix(policy(rule({}), rule({ prefixes: [{ prefix: prefix("::/0"), ge: 0, le: 128 }] }))));
  t.end();
});
