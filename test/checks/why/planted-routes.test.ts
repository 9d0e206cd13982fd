import t from "tap";
import type { SessionConfig } from "../../../src/bgp/config/config.ts";
import { whyRoute } from "../../../src/checks/why/route.ts";
import type { RouteFacts } from "../../../src/checks/why/route-facts.ts";
import { prefix } from "../../../src/net/prefix.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { planOf } from "../../support/lab-status.ts";
import { PlannedLab } from "../../support/planned-lab.ts";
import { routeFacts } from "./facts.ts";

/** Three routers in a chain; the first one originates. */
function chain(options: { policies?: string; r1?: string; r2?: string; r3?: string; links?: string } = {}) {
  const { policies = "{}", r1 = "", r2 = "", r3 = "", links = "[r1 -- r2, r2 -- r3]" } = options;
  return [
    "name: chain",
    `policies: ${policies}`,
    "routers:",
    `  r1: { originate: [10.0.1.0/24]${r1} }`,
    `  r2: {${r2}}`,
    `  r3: {${r3}}`,
    `links: ${links}`,
  ].join("\n");
}

interface Planted {
  readonly what: string;
  readonly text: string;
  readonly ask?: string;
  readonly change?: (plan: Plan) => Plan;
  readonly plant?: (lab: PlannedLab) => void;
  readonly facts?: (facts: RouteFacts) => RouteFacts;
  readonly step: string;
  readonly cause: RegExp;
}

const planted: readonly Planted[] = [
  {
    what: "nobody originates it",
    text: chain(),
    ask: "10.0.7.0/24",
    step: "origin",
    cause: /^no router that r3 can hear from originates 10\.0\.7\.0\/24$/,
  },
  {
    what: "its origin does not any more",
    text: chain(),
    change: (plan) => ({
      ...plan,
      nodes: plan.nodes.map((node) => ({ ...node, router: { ...node.router, originate: [] } })),
    }),
    step: "origin",
    cause: /^r1 does not originate 10\.0\.1\.0\/24$/,
  },
  {
    what: "a stopped speaker on its way",
    text: chain(),
    facts: (facts) => silence(facts, "r2"),
    step: "speaker",
    cause: /^the speaker of r2 does not answer: gone$/,
  },
  {
    what: "a session on its way",
    text: chain(),
    plant: (lab) => lab.wire("r1", "eth0").setRunning(false),
    step: "session",
    cause: /^the session r1:eth0 between r1 and r2 is (Active|Connect)$/,
  },
  {
    what: "an export policy",
    text: chain({
      policies: "{ none: [{ match: { prefix: [10.9.0.0/16] } }, reject] }",
      links: "[r1 -- r2, { link: r2 -- r3, sessions: { r2: { export: none } } }]",
    }),
    step: "export",
    cause: /^r2 does not tell r3 of it: it rejects it on its way out: none rule 2$/,
  },
  {
    what: "an import policy",
    text: chain({
      policies: "{ none: [{ match: { prefix: [10.9.0.0/16] } }, reject] }",
      links: "[r1 -- r2, { link: r2 -- r3, sessions: { r3: { import: none } } }]",
    }),
    step: "import",
    cause: /^r3 does not use what r2 tells: rejected by none rule 2$/,
  },
  {
    what: "export-prefixes",
    text: chain({ links: "[{ link: r1 -- r2, sessions: { r1: { export-prefixes: [] } } }, r2 -- r3]" }),
    step: "export",
    cause: /^r1 does not tell r2 of it: it does not have it in export-prefixes$/,
  },
  {
    what: "import-prefixes",
    text: chain({
      links: "[{ link: r1 -- r2, sessions: { r2: { import-prefixes: [10.0.9.0/24] } } }, r2 -- r3]",
    }),
    step: "import",
    cause: /^r2 does not use what r1 tells: not in importPrefixes$/,
  },
  {
    what: "a family that one end does not have",
    text: chain({ links: "[r1 -- r2, { link: r2 -- r3, sessions: { r3: { families: [ipv6-unicast] } } }]" }),
    step: "export",
    cause: /^r2 does not tell r3 of it: it does not exchange IPv4 prefixes on this session$/,
  },
  {
    what: "the community no-export",
    text: chain({ r1: ", communities: [no-export]" }),
    step: "export",
    cause: /^r2 does not tell r3 of it: it keeps it back, for it has the community no-export$/,
  },
  {
    what: "iBGP without a reflector",
    text: chain({ r1: ", asn: 65000", r2: "asn: 65000", r3: "asn: 65000" }),
    step: "export",
    cause:
      /^r2 does not tell r3 of it: it has it from its own AS, and does not tell it inside that without being a route reflector$/,
  },
  {
    what: "no policy where one is required (RFC 8212)",
    text: chain({ r2: "require-policy: true, import: all", policies: "{ all: [accept] }" }),
    step: "export",
    cause: /^r2 does not tell r3 of it: it has no export policy, and tells nothing without one \(RFC 8212\)$/,
  },
  {
    what: "no import policy where one is required (RFC 8212)",
    text: chain({ r2: "require-policy: true" }),
    step: "import",
    cause: /^r2 does not use what r1 tells: no import policy \(RFC 8212\)$/,
  },
  {
    what: "its own AS in the path",
    text: chain({ r1: ", asn: 65000", r3: "asn: 65000" }),
    step: "import",
    cause: /^r3 does not use what r2 tells: AS loop$/,
  },
  {
    what: "a route leak (RFC 9234)",
    text: chain({
      links:
        "[{ link: r1 -- r2, sessions: { r1: { role: provider }, r2: { role: customer } } }, { link: r2 -- r3, sessions: { r2: { role: customer }, r3: { role: provider } } }]",
    }),
    step: "export",
    cause:
      /^r2 does not tell r3 of it: it would leak it: it is for customers only, and here it is customer \(RFC 9234\)$/,
  },
  {
    what: "a next hop that leads nowhere",
    text: chain(),
    step: "import",
    cause: /^r2 does not use what r1 tells: next hop unreachable$/,
    change: nextHopOf("r1", "2001:db8::1"),
  },
  {
    what: "another route that is preferred",
    text: chain({ links: "[r1 -- r2, r2 -- r3, r1 -- r3]" }),
    change: prefer("r3", "eth0"),
    step: "decision",
    cause: /^r3 prefers another route to it, it goes via eth0: the one via eth1 loses by highest LOCAL_PREF$/,
  },
  {
    what: "a kernel that refuses",
    text: chain(),
    plant: (lab) => {
      lab.host("r3").refused.add("10.0.1.0/24");
      lab.wire("r2", "eth1").setRunning(false);
      lab.clock.advance(1_000);
      lab.wire("r2", "eth1").setRunning(true);
    },
    step: "kernel",
    cause: /^the kernel of r3 refused the route: EINVAL$/,
  },
  {
    what: "a route that is not in the kernel",
    text: chain(),
    plant: (lab) => void lab.host("r3").routes.clear(),
    step: "kernel",
    cause: /^the kernel of r3 has no route to 10\.0\.1\.0\/24, though its speaker says installed$/,
  },
  {
    what: "a blackhole",
    text: chain(),
    plant: (lab) => void lab.host("r3").routes.set(prefix("10.0.1.0/24"), "blackhole"),
    step: "kernel",
    cause: /^the kernel of r3 drops packets to 10\.0\.1\.0\/24$/,
  },
];

function silence(facts: RouteFacts, name: string): RouteFacts {
  const routers = Array.from(facts.routers, ([router, each]) =>
    router === name ? ([router, { ...each, silence: "gone" }] as const) : ([router, each] as const),
  );
  return { ...facts, routers: new Map(routers) };
}

function withSession(
  router: string,
  change: (session: SessionConfig) => Partial<SessionConfig>,
): (plan: Plan) => Plan {
  return (plan) => ({
    ...plan,
    nodes: plan.nodes.map((node) => {
      if (node.name !== router) return node;
      const sessions = node.router.sessions.map((session) => ({ ...session, ...change(session) }));
      return { ...node, router: { ...node.router, sessions } };
    }),
  });
}

function nextHopOf(router: string, ipv4: string): (plan: Plan) => Plan {
  return withSession(router, () => ({ nextHop: { ipv4 } as SessionConfig["nextHop"] }));
}

function prefer(router: string, ifname: string): (plan: Plan) => Plan {
  return withSession(router, (session) => ({ localPref: session.ifname === ifname ? 200 : null }));
}

for (const { what, text, ask = "10.0.1.0/24", change, plant, facts: amend, step, cause } of planted) {
  t.test(`a route's cause is named: ${what}`, async (t) => {
    const plan = planOf(text);
    const lab = new PlannedLab(change ? change(plan) : plan);
    lab.start();
    lab.clock.advance(10_000);
    plant?.(lab);
    lab.clock.advance(15_000);
    const facts = routeFacts(lab, "r3", ask);
    const explanation = whyRoute(amend ? amend(facts) : facts);
    t.match(explanation.cause, { step, state: "broken", text: cause }, JSON.stringify(explanation, null, 1));
  });
}

t.test("a route that is there is explained hop by hop, without a cause", async (t) => {
  const lab = new PlannedLab(planOf(chain()));
  lab.start();
  lab.clock.advance(10_000);
  const explanation = whyRoute(routeFacts(lab, "r3", "10.0.1.0/24"));
  t.match(explanation, { subject: "r3 to 10.0.1.0/24", state: "goes via eth0", cause: null });
  t.strictSame(
    explanation.findings.map(({ step, state }) => `${step} ${state}`),
    [
      "origin",
      "session",
      "export",
      "import",
      "decision",
      "session",
      "export",
      "import",
      "decision",
      "kernel",
    ].map((step) => `${step} ok`),
  );
});
