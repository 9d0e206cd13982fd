import { readFileSync, writeFileSync } from "node:fs";
import t from "tap";
import { compile } from "../../src/plan/compile.ts";
import { expectedRoutes } from "../../src/plan/routes.ts";
import { topologyOf } from "./parsing.ts";
import { withTables } from "./reference.ts";

function pageOf(name: string): string {
  const file = new URL(`../../docs/${name}.md`, import.meta.url);
  if (process.env["GOLDEN"] === "write") writeFileSync(file, withTables(readFileSync(file, "utf8")));
  return readFileSync(file, "utf8");
}

const pages = [pageOf("topology"), pageOf("policy"), pageOf("checks"), pageOf("steps")];
const snippets = pages.flatMap((page) =>
  Array.from(page.matchAll(/^```yaml\n(.*?)^```/gms), ([, text = ""]) => text),
);

const textOf = (name: string) => snippets.find((text) => text.startsWith(`name: ${name}\n`)) ?? "";

/** The snippet of a lab's name. */
const snippet = (name: string) => topologyOf(textOf(name));

/** `GOLDEN=write node test/topology/docs.test.ts` writes the tables anew. */
t.test("the tables of the language's pages are those of the language", async (t) => {
  for (const page of pages) t.equal(page, withTables(page));
  t.ok((pages.join("").match(/^<!-- keys: /gm) ?? []).length >= 11, "there are tables");
});

t.test("the lab of docs/checks.md has checks of every sort", async (t) => {
  t.equal(snippet("checked").expect.checks?.length, 10);
});

t.test("every snippet of the language's pages is a topology and compiles", async (t) => {
  t.ok(snippets.length >= 5, "there are snippets");
  for (const text of snippets) {
    const topology = topologyOf(text);
    const plan = compile(topology, { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" });
    t.equal(plan.nodes.length, topology.routers.length, topology.name);
  }
});

t.test("the comments in the snippets say what is so", async (t) => {
  t.match(snippet("two-spines").routers[3], {
    asn: 64515,
    routerId: "0.0.0.4",
    linkLocal: "fe80::4",
    originate: [],
  });
  t.match(snippet("fabric").routers[17], {
    name: "leaf16",
    asn: 65016,
    originate: ["10.0.16.0/24", "2001:db8:10::/48"],
  });
  t.equal(snippet("fabric").links.length, 32);
  t.equal(snippet("shapes").links.length, 5 + 3 + 2);
  t.match(snippet("slow-and-fast").routers, [
    { session: { timers: { holdTime: 6, keepaliveTime: 2, connectRetryTime: 5 } } },
    { session: { timers: { holdTime: 90, keepaliveTime: 30 } } },
  ]);
  t.match(snippet("roles").links[1]?.ends, [
    { session: { passive: true, families: [4, 6], timers: { holdTime: 9 } } },
    { session: { passive: false, role: "customer", timers: { holdTime: 3, keepaliveTime: 1 } } },
  ]);
  t.match(snippet("grouped").routers, [
    { asn: 65000, session: { med: 10, timers: { holdTime: 30, connectRetryTime: 1 } } },
    { asn: 65000, session: { timers: { holdTime: 6, connectRetryTime: 10 } } },
    { asn: 64514, logLevel: "info", originate: ["192.0.2.0/24", "10.0.1.0/24"], session: { med: null } },
    { kind: "bird", session: { timers: { holdTime: 30, connectRetryTime: 10 } } },
  ]);
  t.match(snippet("with-hosts").hosts, [{ addresses: [{ address: "10.1.1.10" }] }, { name: "h2" }]);
  t.strictSame(
    snippet("not-all-well").links.map(({ expect }) => expect),
    ["established", "down", "none", "established"],
  );
  t.match(snippet("many-links").links[0]?.ends, [{ ifname: "eth1" }, { ifname: "eth0" }]);
});

t.test("the preferences in their snippet do what is said of them", async (t) => {
  const topology = snippet("two-exits");
  const via = (router: string, prefix: string) =>
    expectedRoutes(topology).find((route) => route.router === router && route.prefix === prefix)?.via;
  t.equal(via("west", "10.0.0.0/8"), "eth1");
  t.equal(via("isp", "192.0.2.0/24"), "eth0");
});

t.test("the fabric in its snippet uses both spines", async (t) => {
  const routes = expectedRoutes(snippet("two-ways"));
  t.match(
    routes.find(({ router, prefix }) => router === "l2" && prefix === "10.0.1.0/24"),
    { via: "eth0", also: ["eth1"] },
  );
});

t.test("the policies in their snippet let through what is said of them", async (t) => {
  const policies = textOf("customers");
  const ways = (text: string) =>
    expectedRoutes(topologyOf(text)).map(({ router, prefix, via }) => `${router} ${prefix} ${via}`);
  t.strictSame(ways(policies), ["r1 10.0.2.0/24 eth0", "r2 10.0.2.0/24 null", "r3 10.0.2.0/24 eth0"]);
  const stranger = policies.replace("import: customers", "passive: false");
  t.strictSame(ways(stranger), ["r1 10.0.2.0/24 eth0", "r2 10.0.2.0/24 null"]);
});
