import { readFileSync } from "node:fs";
import t from "tap";
import { abilitiesOf } from "../../src/topology/kind-abilities.ts";
import { mistakesIn, topologyOf } from "./parsing.ts";

const page = readFileSync("docs/topology.md", "utf8");

/** What a table row of the page says a kind takes, beside what all take. */
function documented(kind: string): { keys: string[]; timers: string[]; routes: string[] } {
  const [, table = ""] = /<!-- abilities -->(.*?)<!-- end -->/s.exec(page) ?? [];
  const row = table.split("\n").find((line) => line.startsWith(`| \`${kind}\``)) ?? "";
  const [, , keys = "", timers = "", routes = ""] = row.split("|");
  const words = (text: string) => Array.from(text.matchAll(/`([\w-]+)`/g), ([, word = ""]) => word).sort();
  return { keys: words(keys), timers: words(timers.replace("`hold: 0`", "")), routes: words(routes) };
}

const written = (name: string) =>
  ({ md5Key: "md5", minHopLimit: "gtsm", importPolicy: "import", exportPolicy: "export" })[name] ??
  name.replace(/Time$/, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const common = new Set([
  ...[
    "families",
    "remote-as",
    "router-lifetime",
    "passive",
    "local-pref",
    "med",
    "communities",
    "export-prefixes",
    "graceful-shutdown",
  ],
  "hold",
]);

t.test("docs/topology.md says what each kind takes", async (t) => {
  for (const [kind, abilities] of Object.entries(abilitiesOf)) {
    if (abilities === undefined) continue;
    const beyond = (names: Iterable<string>) =>
      Array.from(names, written)
        .filter((name) => !common.has(name))
        .sort();
    t.strictSame(
      documented(kind),
      {
        keys: beyond(abilities.session),
        timers: beyond(abilities.timers),
        routes: beyond(abilities.routing),
      },
      kind,
    );
    for (const name of common) {
      t.ok([...abilities.session, ...abilities.timers].map(written).includes(name), `${kind} takes ${name}`);
    }
    t.match(page, new RegExp(`^\\| \`${kind}\` \\| \`\\w+\` \\| ${abilities.dials ? "yes" : "no"}`, "m"));
  }
});

const link = "links: [r1 -- r2]";

t.test("what a kind cannot do is a mistake where it is said, be it far from the router", async (t) => {
  for (const [text, ...mistakes] of [
    [
      `routers: { r1: { kind: gobgp, md5: key }, r2: }\n${link}`,
      "2:36 r1 is of kind gobgp, which cannot do md5 | take it back at r1: md5: ~",
    ],
    [
      `defaults: { damp-peer-oscillations: true }\nrouters: { r1: { kind: exabgp }, r2: }\n${link}`,
      "2:37 r1 is of kind exabgp, which cannot do damp-peer-oscillations | take it back at r1: damp-peer-oscillations: ~",
    ],
    [
      `kinds: { bird: { timers: { idle-hold: 3 } } }\nrouters: { r1: { kind: bird }, r2: }\n${link}`,
      "2:39 r1 is of kind bird, which cannot do timers idle-hold | take it back at r1: timers: { idle-hold: ~ }",
    ],
    [
      "routers: { r1: { kind: frr }, r2: }\nlinks: [{ link: r1 -- r2, sessions: { r1: { remote-id: 0.0.0.2 } } }]",
      "3:56 r1 is of kind frr, which cannot do remote-id | take it back at r1: remote-id: ~",
    ],
    [
      `routers: { r1: { kind: openbgpd, families: [ipv6-unicast], timers: { hold: 0 } }, r2: }\n${link}`,
      "2:76 r1 is of kind openbgpd, which cannot do hold: 0 | take it back at r1: timers: { hold: ~ }",
    ],
    [
      `defaults: { install: false, multipath: { maximum-paths: 2 } }\nrouters: { r1: { kind: frr }, r2: { kind: gobgp } }\n${link}`,
      "2:22 r1 is of kind frr, which cannot do install | take it back at r1: install: ~",
      "2:40 r2 is of kind gobgp, which cannot do multipath | take it back at r2: multipath: ~",
    ],
    [
      `policies: { p: [accept] }\nrouters: { r1: { kind: exabgp, import: p }, r2: }\n${link}`,
      "3:40 r1 is of kind exabgp, which cannot do import | take it back at r1: import: ~",
    ],
  ] as const) {
    t.strictSame(mistakesIn(`name: lab\n${text}`), mistakes, text);
  }
});

t.test("what is taken back, or said of a link without a session, is no mistake", async (t) => {
  t.ok(topologyOf(`name: lab\ndefaults: { md5: k }\nrouters: { r1: { kind: gobgp, md5: ~ }, r2: }\n${link}`));
  t.ok(
    topologyOf(
      "name: lab\nrouters: { r1: { kind: gobgp, md5: k }, r2: }\nlinks: [{ link: r1 -- r2, expect: none }]",
    ),
  );
  t.ok(topologyOf(`name: lab\nrouters: { r1: { kind: exabgp, timers: { hold: 30 } }, r2: }\n${link}`));
});

t.test("OpenBGPD must be told that it carries IPv6 alone", async (t) => {
  t.strictSame(mistakesIn(`name: lab\nrouters: { r1: { kind: openbgpd }, r2: }\n${link}`), [
    "3:9 r1 is of kind openbgpd, which cannot carry IPv4 over link-local addresses | write families: [ipv6-unicast] at r1",
  ]);
});

t.test("ExaBGP passes nothing on, and so has one link with a session", async (t) => {
  const links = (second: string) =>
    `name: lab\nrouters: { r1: { kind: exabgp }, r2: , r3: }\nlinks: [r1 -- r2, ${second}]`;
  t.strictSame(mistakesIn(links("r1 -- r3")), [
    "2:12 r1 is of kind exabgp, which passes no routes on, and has 2 links with sessions | give it one link, and others expect: none",
  ]);
  t.ok(topologyOf(links("{ link: r1 -- r3, expect: none }")));
});

t.test("GoBGP's peers need different addresses", async (t) => {
  t.strictSame(mistakesIn("name: lab\nrouters: { r1: { kind: gobgp }, r2: }\nlinks: [r1 -- r2, r1 -- r2]"), [
    "3:19 r1 is of kind gobgp, which cannot tell apart two peers with one address, fe80::2 | set another link-local at one of the peers, or have one link to it",
  ]);
  t.ok(
    topologyOf(
      "name: lab\nrouters: { r1: { kind: gobgp }, r2: , r3: }\nlinks: [r1 -- r2, r1 -- r3, r2 -- r3]",
    ),
  );
});

t.test("config is for programs that are not ours, and is kept word for word", async (t) => {
  t.strictSame(mistakesIn("name: lab\nrouters: { r1: { config: x } }"), [
    "2:26 r1 is of kind speaker, which takes no configuration of its own | config is added to that of another program: say which, with kind",
  ]);
  const [router] = topologyOf(
    'name: lab\nkinds: { bird: { config: "a\\n b\\n" } }\nrouters: { r1: { kind: bird } }',
  ).routers;
  t.equal(router?.config, "a\n b\n");
});

t.test("a key that a program would read as another one is a mistake", async (t) => {
  const text = (kind: string, key: string) =>
    `name: lab\nrouters: { r1: { kind: ${kind} }, r2: }\nlinks: [{ link: r1 -- r2, sessions: { "*": { md5: ${key} } } }]`;
  t.strictSame(mistakesIn(text("frr", "'a b'")), [
    "3:51 r1 is of kind frr, which would not read this key as it is | letters, digits and _.,:+=@%/~^*&<>()- are safe",
  ]);
  t.ok(topologyOf(text("bird", "'a b'")));
  t.ok(topologyOf(text("openbgpd, families: [ipv6-unicast]", "'Aa0_.,:+=@%/~^*&<>()-'")));
});

t.test("config has braces and dollars of its own, also where a name has a range", async (t) => {
  const config = "define x = {n};\nprotocol static { ipv4; }\n";
  const [, router] = topologyOf(
    `name: lab\nrouters: { "r[1-2]": { kind: bird, asn: 65000 + n, config: ${JSON.stringify(config)} } }`,
  ).routers;
  t.match(router, { asn: 65002, config });
});

t.test("one that dials is enough", async (t) => {
  const pair = (a: string, b: string) =>
    `name: lab\nrouters: { r1: { kind: ${a} }, r2: { kind: ${b} } }\n${link}`;
  t.match(mistakesIn(pair("exabgp", "exabgp")), [/would both wait for the other to open the session/]);
  for (const [a, b] of [
    ["bird", "exabgp"],
    ["frr", "exabgp"],
    ["gobgp", "gobgp"],
  ] as const) {
    t.ok(topologyOf(pair(a, b)), `${a} and ${b}`);
  }
});
