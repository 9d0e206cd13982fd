import t from "tap";
import { compile } from "../../src/plan/compile.ts";
import { mistakesIn, topologyOf } from "./parsing.ts";

const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" };
const linkWith = (body: string) =>
  `name: lab\nrouters: [r1, r2, r3]\nlinks: [{ link: r1 -- r2, ${body} }, r2 -- r3]`;

t.test("a link's rate, delay, jitter and loss go into the plan; a plain link has none", async (t) => {
  const { links } = compile(
    topologyOf(linkWith("rate: 1.5mbit, delay: 20ms, jitter: 500us, loss: 0.5%")),
    paths,
  );
  t.strictSame(
    links.map(({ conditions }) => conditions),
    [{ rate: 1_500_000, delay: 20_000, jitter: 500, loss: 0.005 }, undefined],
  );
  t.notOk("conditions" in (compile(topologyOf(linkWith("delay: 0ms")), paths).links[0] ?? {}));
});

t.test("the ends' MAC addresses are those of the file", async (t) => {
  const { links } = compile(topologyOf(linkWith('mac: [~, "0A:00:00:00:00:01"]')), paths);
  t.strictSame(
    links[0]?.ends.map(({ mac }) => mac),
    ["02:fe:80:00:00:01", "0a:00:00:00:00:01"],
  );
});

t.test(
  "nothing is expected of a link that may stay down, and one of which nothing is wanted has no session",
  async (t) => {
    const text = (expect: string) =>
      linkWith(`expect: ${expect}`).replace(
        "routers: [r1, r2, r3]",
        "routers: { r1: { originate: [10.0.0.0/8] }, r2: , r3: }",
      );
    const facts = (expect: string) => {
      const { nodes, expectation } = compile(topologyOf(text(expect)), paths);
      return {
        sessions: nodes.map(({ router }) => router.sessions.map(({ ifname }) => ifname).join()),
        expected: expectation.sessions.map(({ router }) => router),
        routes: expectation.routes.map(({ router }) => router),
      };
    };
    const all = {
      sessions: ["eth0", "eth0,eth1", "eth0"],
      expected: ["r1", "r2", "r2", "r3"],
      routes: ["r1", "r2", "r3"],
    };
    t.strictSame(facts("established"), all);
    t.strictSame(facts("~"), all);
    t.strictSame(facts("down"), { ...all, expected: ["r2", "r3"], routes: ["r1"] });
    t.strictSame(facts("none"), { sessions: ["", "eth1", "eth0"], expected: ["r2", "r3"], routes: ["r1"] });
  },
);

t.test("two that only accept may be linked where no session is expected", async (t) => {
  const pair = linkWith("expect: down").replace("routers:", "kinds: {}\nrouters:").replace(", r2 -- r3", "");
  t.equal(topologyOf(`defaults: { kind: exabgp }\n${pair}`).links.length, 1);
});

t.test("mistakes in what a link is like are named where they are", async (t) => {
  const rate = "a number and bit, kbit, mbit or gbit, from 8kbit to 100gbit, such as 10mbit";
  const delay = "a number and us, ms or s, at most 10s, such as 20ms";
  const mac =
    "six octets such as 02:00:00:00:00:01, the first even, and not 02:fe:80:…, which fe80 gives out itself";
  const cases: [body: string, ...mistakes: string[]][] = [
    ["rate: 10", `3:33 expected a rate, found 10 | ${rate}`],
    ["rate: 1kbit", `3:33 "1kbit" is not a rate | ${rate}`],
    ["delay: 20", `3:34 expected a delay, found 20 | ${delay}`],
    ["jitter: 11s", `3:35 "11s" is not a delay | ${delay}`],
    ["loss: 101%", '3:33 "101%" is not a loss | a share of the packets such as 1% or 0.5%'],
    ["expect: up", '3:35 expected what is expected, found "up" | write established, down or none'],
    [
      'mac: ["03:00:00:00:00:01", ~]',
      `3:33 "03:00:00:00:00:01" cannot be an interface's MAC address | ${mac}`,
    ],
    [
      'mac: ["02:fe:80:00:00:01", ~]',
      `3:33 "02:fe:80:00:00:01" cannot be an interface's MAC address | ${mac}`,
    ],
    [
      'mac: "02:00:00:00:00:01"',
      '3:32 expected a list of MAC addresses, found "02:00:00:00:00:01" | write it as ["02:00:00:00:00:01", ~], with ~ for that which fe80 gives',
    ],
    ["bandwidth: 1", '3:27 unknown key "bandwidth" | did you mean rate?'],
  ];
  for (const [body, ...mistakes] of cases) t.strictSame(mistakesIn(linkWith(body)), mistakes, body);
});
