import fc from "fast-check";
import t from "tap";
import { defaultRouter, defaultSession, defaultTimers } from "../../../src/bgp/config/config.ts";
import { parseSpeakerConfig, SpeakerConfigError } from "../../../src/bgp/config/parse.ts";
import { LabError } from "../../../src/std/errors.ts";

const session = { ...defaultSession, ifname: "eth0", linkLocal: "fe80::1", remoteAs: 64513 };
const router = {
  name: "r1",
  netns: "/run/netns/fe80.lab.r1",
  log: "/run/fe80/lab/r1.log",
  logLevel: "info",
  asn: 64512,
  routerId: "0.0.0.1",
  originate: ["10.0.1.0/24"],
  ...defaultRouter,
  sessions: [session],
};
const config = { control: "/run/fe80/lab/speaker.sock", routers: [router] };

function mistakesIn(value: unknown): readonly string[] {
  try {
    parseSpeakerConfig(value);
  } catch (error) {
    if (error instanceof SpeakerConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

const inRouter = (change: object) => mistakesIn({ ...config, routers: [{ ...router, ...change }] });
const inSession = (change: object) => inRouter({ sessions: [{ ...session, ...change }] });
const inTimers = (change: object) => inSession({ timers: { ...defaultTimers, ...change } });

t.test("a complete configuration is taken as it is", async (t) => {
  t.strictSame(parseSpeakerConfig(config), config);
});

t.test("what has a default may be left out", async (t) => {
  const short = {
    control: "c",
    routers: [{ name: "r1", asn: 1, routerId: "0.0.0.1", sessions: [{ ifname: "e", remoteAs: "any" }] }],
  };
  t.strictSame(parseSpeakerConfig(short), {
    control: "c",
    routers: [
      {
        name: "r1",
        netns: null,
        log: null,
        logLevel: "debug",
        asn: 1,
        routerId: "0.0.0.1",
        originate: [],
        ...defaultRouter,
        sessions: [{ ...defaultSession, ifname: "e", remoteAs: "any" }],
      },
    ],
  });
});

t.test("every mistake is listed with its JSON path", async (t) => {
  const value = {
    control: "",
    rooters: [],
    routers: [{ ...router, asn: 0, sessions: [{ ...session, passive: "no" }, session] }, null],
  };
  const error = t.throws(() => parseSpeakerConfig(value)) as unknown as SpeakerConfigError;
  t.ok(error instanceof LabError);
  t.equal(error.code, "SPEAKER_CONFIG_INVALID");
  t.equal(
    error.message,
    [
      "the speaker's configuration is not valid:",
      "  control: expected a path, found empty text",
      "  routers[0].asn: AS number 0 is reserved (RFC 7607)",
      '  routers[0].sessions[0].passive: expected true or false, found "no"',
      '  routers[0].sessions[1]: "eth0" is there already, at [0]',
      "  routers[1]: expected a map of name, netns, log, logLevel, asn, routerId, originate, redistribute, clusterId, multipath, install, policies, sessions, found nothing",
      '  rooters: unknown key "rooters" (did you mean routers?)',
    ].join("\n"),
  );
});

t.test("each field has its range", async (t) => {
  t.strictSame(inRouter({ routerId: "0.0.0.0" }), [
    "routers[0].routerId: router id 0.0.0.0 is not allowed (RFC 6286 §2.1) (any other dotted quad is)",
  ]);
  t.strictSame(inRouter({ originate: ["10.0.1.1/24"] }), [
    'routers[0].originate[0]: "10.0.1.1/24" has bits set beyond its length (the prefix is 10.0.1.0/24)',
  ]);
  t.match(inRouter({ originate: ["10.0.1.0/24", "10.0.1.0/24"] }), [
    /originate\[1\]: "10.0.1.0\/24" is there already/,
  ]);
  t.match(inRouter({ asn: 4294967296 }), [/asn: 4294967296 is not an AS number/]);
  t.match(inRouter({ name: "" }), [/name: expected a router name, found empty text/]);
  t.match(inSession({ ifname: "lo" }), [/ifname: "lo" is not an interface name/]);
  t.match(inSession({ remoteAs: 65535 }), [/remoteAs: AS number 65535 is reserved/]);
  t.match(inSession({ remoteAs: "extern" }), [/remoteAs: expected an AS number, external, internal or any/]);
  t.match(mistakesIn({ ...config, control: `/${"x".repeat(107)}` }), [/control: .* at most 107 octets/]);
});

t.test("router names are unique", async (t) => {
  t.strictSame(mistakesIn({ ...config, routers: [router, router] }), [
    'routers[1]: "r1" is there already, at [0]',
  ]);
});

t.test(
  "timers are whole seconds, and the keepalive time is below the hold time unless that is 0",
  async (t) => {
    t.strictSame(inTimers({ holdTime: 0, keepaliveTime: 0 }), []);
    t.strictSame(inTimers({ holdTime: 0, keepaliveTime: 3 }), []);
    t.strictSame(inTimers({ holdTime: 65535, connectRetryTime: 65535, idleHoldTime: 65535 }), []);
    t.match(inTimers({ holdTime: 1 }), [/timers.holdTime: hold time 1 is not allowed/]);
    t.match(inTimers({ holdTime: 65536 }), [/timers.holdTime: hold time 65536 is not allowed/]);
    t.match(inTimers({ holdTime: 3 }), [/timers: keepalive time 3 is not below the hold time 3/]);
    t.match(inTimers({ keepaliveTime: 0 }), [/timers: keepalive time 0 needs hold time 0/]);
    t.match(inTimers({ keepaliveTime: -1 }), [/keepalive time -1 is outside 0 to 65535 s/]);
    t.match(inTimers({ connectRetryTime: 0 }), [/connect retry time 0 is outside 1 to 65535 s/]);
    t.match(inTimers({ idleHoldTime: 1.5 }), [/expected an idle hold time in whole seconds, found 1.5/]);
  },
);

t.test("any JSON gives a configuration or its mistakes", async () => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  const nearly = fc.record({
    control: anything,
    routers: fc.array(fc.record({ name: anything, asn: anything, sessions: anything })),
  });
  for (const value of [anything, nearly])
    fc.assert(
      fc.property(value, (json) => void mistakesIn(json)),
      { numRuns: 500 },
    );
});

t.test("what guards a session is checked, and a key is never shown", async (t) => {
  t.strictSame(inSession({ md5Key: "k".repeat(80), minHopLimit: 1 }), []);
  const path = "routers[0].sessions[0]";
  const hint = "a key has 1 to 80 printable ASCII characters, none of them a double quote (RFC 2385)";
  for (const md5Key of ["", "k".repeat(81), 'se"cret', "naïve", "two\nlines"]) {
    t.strictSame(inSession({ md5Key }), [`${path}.md5Key: this cannot be a TCP-MD5 key (${hint})`]);
  }
  t.strictSame(inSession({ md5Key: 7 }), [
    `${path}.md5Key: expected a TCP-MD5 key as text (quote a key of digits alone)`,
  ]);
  for (const minHopLimit of [0, 256, 1.5]) {
    t.strictSame(inSession({ minHopLimit }), [
      `${path}.minHopLimit: ${minHopLimit} is not a hop limit (a whole number from 1 to 255; 255 takes neighbors only)`,
    ]);
  }
  t.strictSame(inTimers({ sendHoldTime: 0 }), [
    `${path}.timers.sendHoldTime: send hold time 0 is outside 1 to 65535 s`,
  ]);
});
