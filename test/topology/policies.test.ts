import t from "tap";
import { mistakesIn, topologyOf } from "./parsing.ts";

/** A lab of two routers, with these lines and words in it. */
const lab = ({ top = "", r1 = "", r2 = "", at = "" }) =>
  [
    "name: lab",
    top,
    `routers: { r1: { ${r1} }, r2: { ${r2} } }`,
    `links: [{ link: r1 -- r2, sessions: { r1: { ${at} } } }]`,
  ].join("\n");

t.test("a policy is read rule by rule", async (t) => {
  const match =
    "{ prefix: [10.0.0.0/8 le 24], as-path: ^1_, community: [no-export], large-community: ['1:2:3'], ext-community: ['rt:1:2'], next-hop: ['fe80::/10'], peer: [eth0, 7], origin: igp, med: 0-9, local-pref: 5 }";
  const set =
    "{ local-pref: ~, med: 1, prepend: 2, next-hop: 'fe80::7', origin: egp, community: { add: ['1:2'] }, large-community: { set: [] }, ext-community: { delete: ['soo:1:2'] } }";
  const top = `policies: { p: [{ match: ${match}, set: ${set}, then: next }, { match: , set: }, reject] }`;
  const { policies } = topologyOf(lab({ top }));
  t.strictSame(policies.get("p"), {
    name: "p",
    rules: [
      {
        match: {
          prefixes: [{ prefix: "10.0.0.0/8", ge: 8, le: 24 }],
          asPath: "^1_",
          communities: [0xffff_ff01],
          extendedCommunities: ["0002000100000002"],
          largeCommunities: [[1, 2, 3]],
          nextHops: ["fe80::/10"],
          peers: ["eth0", 7],
          origin: "igp",
          med: { min: 0, max: 9 },
          localPref: { min: 5, max: 5 },
        },
        set: {
          origin: "egp",
          med: 1,
          localPref: null,
          prepend: 2,
          nextHop: "fe80::7",
          communities: { add: [0x1_0002] },
          extendedCommunities: { delete: ["0003000100000002"] },
          largeCommunities: { set: [] },
        },
        action: "next",
      },
      { match: {}, set: {}, action: "accept" },
      { match: {}, set: {}, action: "reject" },
    ],
  });
});

t.test("the nearest policy holds, and none if that is said", async (t) => {
  const top = "defaults: { import: a, export: a }\npolicies: { a: [accept], b: [accept] }";
  const [link] = topologyOf(lab({ top, r1: "import: b", at: "export: ~" })).links;
  t.match(link?.ends, [
    { session: { importPolicy: "b", exportPolicy: null } },
    { session: { importPolicy: "a", exportPolicy: "a" } },
  ]);
  const [inPlace] = topologyOf(lab({ top, at: "import: [reject]" })).links;
  t.match(inPlace?.ends[0].session.importPolicy, [{ action: "reject" }]);
});

t.test("what a router does with routes is laid key by key", async (t) => {
  const top = "defaults: { multipath: { maximum-paths: 4 }, install: false, redistribute: [static] }";
  const r2 = "multipath: { as-path-relax: true }, install: true, cluster-id: 9.9.9.9";
  t.match(topologyOf(lab({ top, r2 })).routers, [
    { routing: { multipath: { maximumPaths: 4, asPathRelax: false }, install: false, clusterId: null } },
    {
      routing: {
        multipath: { maximumPaths: 4, asPathRelax: true },
        install: true,
        clusterId: "9.9.9.9",
        redistribute: ["static"],
      },
    },
  ]);
});

t.test("sessions are told all that routing knows", async (t) => {
  const at =
    "allow-own-as: 2, remove-private-as: true, route-reflector-client: true, prefix-limit: 9, require-policy: true, add-path: both, graceful-restart: full, graceful-shutdown: true, blackhole: true, timers: { restart: 60 }";
  t.match(topologyOf(lab({ at })).links[0]?.ends[0].session, {
    allowOwnAs: 2,
    removePrivateAs: true,
    routeReflectorClient: true,
    prefixLimit: 9,
    requirePolicy: true,
    addPath: "both",
    gracefulRestart: "full",
    gracefulShutdown: true,
    blackhole: true,
    timers: { restartTime: 60 },
  });
});

t.test("a name of no policy is a mistake wherever it stands, with what was meant", async (t) => {
  const top =
    "policies: { customers: [accept] }\ndefaults: { import: custmers }\ngroups: { g: { routers: [r1], export: x } }";
  t.strictSame(mistakesIn(lab({ top, r1: "import: y", at: "export: z" })), [
    '3:21 no policy is called "custmers" | did you mean customers?',
    '4:39 no policy is called "x" | the policies are customers',
    '5:26 no policy is called "y" | the policies are customers',
    '6:53 no policy is called "z" | the policies are customers',
  ]);
});

t.test("mistakes in rules are told all at once, each where it is", async (t) => {
  const top = [
    "policies:",
    "  p:",
    "    - match: { prefix: [10.0.0.0/8 le 4], as-path: '^(' }",
    "    - { set: { prepend: 0 }, action: accept }",
    "    - { set: { next-hop: '2001:db8::1' } }",
    "    - rejct",
    "  a b: []",
    "  q: 7",
  ].join("\n");
  t.strictSame(mistakesIn(lab({ top, at: "import: [{ match: { med: x } }]" })), [
    "4:25 no prefix in 10.0.0.0/8 has 8 to 4 bits | 8 <= ge <= le <= 32",
    '4:52 "^(" is no regular expression over AS paths: a ) is missing (at its character 2) | write it over AS numbers, such as "^64512_" or "_(64513|64514)$"',
    "5:25 0 is not a number of times to prepend | a whole number from 1 to 64",
    '5:30 unknown key "action" | did you mean then?',
    '6:26 "2001:db8::1" is not in fe80::/64 | write it as "fe80::1"',
    '7:7 expected what to do, found "rejct" | accept, reject, or next for the rule behind this one',
    '8:3 "a b" cannot be the name of a policy | letters, digits, - and _, a letter or digit first, at most 63 in all',
    "9:6 expected a list of rules, found 7 | write it as [{ match: { prefix: [10.0.0.0/8] } }, reject]",
    '11:70 "x" is not a range of numbers | write it as 100 or 0-100',
  ]);
});

t.test("what other programs cannot do is a mistake where it is said", async (t) => {
  const top = "policies: { p: [accept] }\ndefaults: { require-policy: true }";
  t.strictSame(mistakesIn(lab({ top, r1: "kind: bird, import: p, install: false", at: "blackhole: true" })), [
    "3:29 r1 is of kind bird, which cannot do require-policy | take it back at r1: require-policy: ~",
    "4:50 r1 is of kind bird, which cannot do install | take it back at r1: install: ~",
    "5:56 r1 is of kind bird, which cannot do blackhole | take it back at r1: blackhole: ~",
  ]);
  t.equal(topologyOf(lab({ r1: "kind: bird, allow-own-as: 1, add-path: both" })).routers.length, 2);
});

t.test("what one place says of many BIRDs is one mistake", async (t) => {
  const text = `name: lab
kinds: { bird: { multipath: { maximum-paths: 2 } } }
routers: { r1: , "b[1-3]": { kind: bird } }
links: [{ link: r1 -- b*, sessions: { "b*": { export: [{ match: { as-path: "64513" } }] } } }]`;
  t.strictSame(mistakesIn(text), [
    "2:29 b1 is of kind bird, which cannot do multipath | take it back at b1: multipath: ~",
    '4:76 b1 is of kind bird, which cannot match parts of AS numbers, or counted ones | write whole AS numbers: "^64512_", "_(64513|64514)$"',
  ]);
});

t.test("a policy is looked for wherever it is named", async (t) => {
  const text = `name: lab
kinds: { speaker: { import: one } }
groups: { g: { routers: [r1], export: two } }
routers: { "r[1-2]": { import: "three{n}" } }
links: [{ link: r1 -- r2, sessions: { "r*": { import: four } } }]`;
  const none = "there are no policies";
  t.strictSame(mistakesIn(text), [
    `2:29 no policy is called "one" | ${none}`,
    `3:39 no policy is called "two" | ${none}`,
    `4:32 no policy is called "three1" | ${none}`,
    `5:55 no policy is called "four" | ${none}`,
  ]);
});
