import { readFileSync } from "node:fs";
import t from "tap";
import { compile } from "../../src/plan/compile.ts";
import { expectedRoutes } from "../../src/plan/routes.ts";
import { topologyOf } from "./parsing.ts";

function snippetsOf(page: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), "utf8");
  return Array.from(text.matchAll(/^```yaml\n(.*?)^```/gms), ([, snippet = ""]) => snippet);
}

const snippets = snippetsOf("topology");
const [policies = ""] = snippetsOf("policy");

t.test("every snippet of the language's pages is a topology and compiles", async (t) => {
  t.ok(snippets.length >= 5, "there are snippets");
  for (const text of [...snippets, policies]) {
    const topology = topologyOf(text);
    const plan = compile(topology, { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" });
    t.equal(plan.nodes.length, topology.routers.length, topology.name);
  }
});

t.test("the comments in the snippets say what is so", async (t) => {
  const [, spines = "", , timers = "", sessions = "", links = "", groups = ""] = snippets;
  t.match(topologyOf(spines).routers[3], {
    asn: 64515,
    routerId: "0.0.0.4",
    linkLocal: "fe80::4",
    originate: [],
  });
  t.match(topologyOf(timers).routers, [
    { session: { timers: { holdTime: 6, keepaliveTime: 2, connectRetryTime: 5 } } },
    { session: { timers: { holdTime: 90, keepaliveTime: 30 } } },
  ]);
  t.match(topologyOf(sessions).links[1]?.ends, [
    { session: { passive: true, families: [4, 6], timers: { holdTime: 9 } } },
    { session: { passive: false, role: "customer", timers: { holdTime: 3, keepaliveTime: 1 } } },
  ]);
  t.match(topologyOf(groups).routers, [
    { asn: 65000, session: { timers: { holdTime: 30, connectRetryTime: 1 } } },
    { asn: 65000, session: { timers: { holdTime: 6, connectRetryTime: 10 } } },
    { asn: 64514, logLevel: "info" },
  ]);
  t.match(topologyOf(links).links[0]?.ends, [{ ifname: "eth1" }, { ifname: "eth0" }]);
});

t.test("the preferences in their snippet do what is said of them", async (t) => {
  const topology = topologyOf(snippets.find((text) => text.includes("local-pref: 200")) ?? "");
  const via = (router: string, prefix: string) =>
    expectedRoutes(topology).find((route) => route.router === router && route.prefix === prefix)?.via;
  t.equal(via("west", "10.0.0.0/8"), "eth1");
  t.equal(via("isp", "192.0.2.0/24"), "eth0");
});

t.test("the fabric in its snippet uses both spines", async (t) => {
  const topology = topologyOf(snippets.find((text) => text.includes("maximum-paths")) ?? "");
  t.match(
    expectedRoutes(topology).find(({ router, prefix }) => router === "l2" && prefix === "10.0.1.0/24"),
    { via: "eth0", also: ["eth1"] },
  );
});

t.test("the policies in their snippet let through what is said of them", async (t) => {
  const ways = (text: string) =>
    expectedRoutes(topologyOf(text)).map(({ router, prefix, via }) => `${router} ${prefix} ${via}`);
  t.strictSame(ways(policies), ["r1 10.0.2.0/24 eth0", "r2 10.0.2.0/24 null", "r3 10.0.2.0/24 eth0"]);
  const stranger = policies.replace("import: customers", "passive: false");
  t.strictSame(ways(stranger), ["r1 10.0.2.0/24 eth0", "r2 10.0.2.0/24 null"]);
});
