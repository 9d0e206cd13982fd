import t from "tap";
import { parseSpeakerConfig, SpeakerConfigError } from "../../../src/bgp/config/parse.ts";

/** What becomes of a router with these fields. */
const parse = (fields: object) =>
  parseSpeakerConfig({
    control: "/run/speaker.sock",
    routers: [{ name: "r1", asn: 64512, routerId: "0.0.0.1", ...fields }],
  }).routers[0];

function mistakes(fields: object): readonly string[] {
  try {
    parse(fields);
    return [];
  } catch (error) {
    if (error instanceof SpeakerConfigError) return error.mistakes;
    throw error;
  }
}

t.test("a policy is read from words and numbers, and from what was read", async (t) => {
  const rules = [
    {
      match: {
        prefixes: [
          "10.0.0.0/8",
          "10.0.0.0/8 le 24",
          "::/0 ge 48",
          "10.0.0.0/8 ge 9 le 9",
          { prefix: "::/0", le: 1 },
        ],
        asPath: "_64513$",
        communities: ["64512:1", "no-export", 5],
        extendedCommunities: ["rt:64512:1", "000300010000000A"],
        largeCommunities: ["64512:1:2", [1, 2, 3]],
        nextHops: ["fe80::/10"],
        peers: ["eth0", 64513],
        origin: "egp",
        med: "0-100",
        localPref: 200,
      },
      set: {
        med: null,
        localPref: 7,
        prepend: 2,
        nextHop: "2001:db8::7",
        communities: { set: [], add: ["1:2"] },
      },
      action: "next",
    },
    {},
  ];
  const read = parse({ policies: { all: rules } });
  t.strictSame(read?.policies["all"], [
    {
      match: {
        prefixes: [
          { prefix: "10.0.0.0/8", ge: 8, le: 8 },
          { prefix: "10.0.0.0/8", ge: 8, le: 24 },
          { prefix: "::/0", ge: 48, le: 128 },
          { prefix: "10.0.0.0/8", ge: 9, le: 9 },
          { prefix: "::/0", ge: 0, le: 1 },
        ],
        asPath: "_64513$",
        communities: [0xfc00_0001, 0xffff_ff01, 5],
        extendedCommunities: ["0002fc0000000001", "000300010000000a"],
        largeCommunities: [
          [64512, 1, 2],
          [1, 2, 3],
        ],
        nextHops: ["fe80::/10"],
        peers: ["eth0", 64513],
        origin: "egp",
        med: { min: 0, max: 100 },
        localPref: { min: 200, max: 200 },
      },
      set: {
        med: null,
        localPref: 7,
        prepend: 2,
        nextHop: "2001:db8::7",
        communities: { set: [], add: [0x1_0002] },
      },
      action: "next",
    },
    { match: {}, set: {}, action: "accept" },
  ]);
  t.strictSame(parse(JSON.parse(JSON.stringify(read))), read);
});

t.test("what is left out of a router has a default", async (t) => {
  t.match(parse({}), {
    redistribute: [],
    clusterId: null,
    multipath: { maximumPaths: 1, asPathRelax: false },
    install: true,
    policies: {},
  });
});

t.test("each mistake in a policy is told with its path", async (t) => {
  const inMatch = (match: object) => mistakes({ policies: { all: [{ match }] } });
  const cases: [match: object, mistake: RegExp][] = [
    [{ prefixes: ["10.0.0.1/8"] }, /prefixes\[0\]: "10.0.0.1\/8" has bits set beyond its length/],
    [{ prefixes: ["10.0.0.0/8 le 7"] }, /prefixes\[0\]: no prefix in 10.0.0.0\/8 has 8 to 7 bits/],
    [{ prefixes: ["10.0.0.0/8 ge 33"] }, /prefixes\[0\]: no prefix in 10.0.0.0\/8 has 33 to 32 bits/],
    [{ prefixes: ["10.0.0.0/8 to 9"] }, /prefixes\[0\]: "10.0.0.0\/8 to 9" is not a prefix to match/],
    [{ prefixes: [7] }, /prefixes\[0\]: expected a map/],
    [{ prefixes: [] }, /prefixes: an empty list matches nothing/],
    [{ communities: ["65536:1"] }, /communities\[0\]: "65536:1" is not a community/],
    [{ extendedCommunities: ["rt:1"] }, /extendedCommunities\[0\]: "rt:1" is not an extended community/],
    [{ largeCommunities: ["1:2", [1, 2], 7] }, /largeCommunities\[0\]: "1:2" is not a large community/],
    [{ peers: ["eth/0"] }, /peers\[0\]: "eth\/0" is not an interface name/],
    [{ peers: [0] }, /peers\[0\]: 0 is not an AS number/],
    [{ peers: [null] }, /peers\[0\]: expected a peer, found nothing/],
    [{ med: "7-5" }, /med: "7-5" is not a range of numbers/],
    [{ med: { min: "a", max: 2 } }, /med: "a-2" is not a range of numbers/],
    [{ med: [] }, /med: expected a range, found a list/],
    [{ origin: "ebgp" }, /origin: expected an origin, found "ebgp"/],
    [{ asPath: "^(" }, /asPath: "\^\(" is no regular expression over AS paths/],
    [{ asPath: 7 }, /asPath: expected a regular expression, found 7/],
    [{ as: 7 }, /as: unknown key "as"/],
  ];
  for (const [match, mistake] of cases) t.match(inMatch(match)[0], mistake, JSON.stringify(match));
  t.match(mistakes({ policies: { all: [{ set: { prepend: 65 }, action: "deny" }] } }), [
    /^routers\[0\]\.policies\.all\[0\]\.set\.prepend: 65 is not a number of times/,
    /^routers\[0\]\.policies\.all\[0\]\.action: expected what to do, found "deny"/,
  ]);
  t.match(mistakes({ policies: { all: [{ set: { nextHop: "10.0.0.1" } }] } }), [
    /\.set\.nextHop: "10.0.0.1" cannot be an IPv6 next hop/,
  ]);
});

t.test("a session names policies of its router", async (t) => {
  const session = { ifname: "eth0", remoteAs: "external", importPolicy: "custmers" };
  t.strictSame(mistakes({ policies: { customers: [] }, sessions: [session] }), [
    'routers[0].sessions[0].importPolicy: no policy is called "custmers" (did you mean customers?)',
  ]);
});

t.test("what a router does with routes has its limits", async (t) => {
  t.match(mistakes({ redistribute: ["static", "static"], multipath: { maximumPaths: 65 }, install: 1 }), [
    /redistribute: a source of routes is there twice/,
    /multipath\.maximumPaths: 65 is not a number of paths/,
    /install: expected true or false/,
  ]);
});
