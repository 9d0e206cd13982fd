import type { RouteDetail } from "../../bgp/control/route-detail.ts";
import { formatSessionEnd, sessionName } from "../../net/session-name.ts";
import { broken, type Explanation, explain, type Finding, ok, unknown } from "./explanation.ts";
import { whyUntold } from "./export.ts";
import { type RouteFacts, type RouterFacts, routerOf } from "./route-facts.ts";
import type { Hop } from "./route-path.ts";

/** Why a router has no route to a prefix, or not the one that it should have: from the origin on, hop by hop. */
export function whyRoute(facts: RouteFacts): Explanation {
  const { router, prefix, path } = facts;
  const looks = [
    lookAtOrigin,
    ...path.slice(1).flatMap((hop, index) => {
      const before = path[index] as Hop;
      return hopLooks(before, hop);
    }),
    lookAtKernel,
  ];
  const routers = [...facts.routers.keys()];
  return explain({ subject: `${router} to ${prefix}`, routers, state: stateOf(facts) }, looks, facts);
}

function stateOf({ router, ...facts }: RouteFacts): string {
  const best = bestOf(routerOf(facts, router));
  if (!best) return "has no route";
  return best === "own" ? "is originated there" : `goes via ${best}`;
}

/** The session of a router's best route; `"own"` where it is the origin. */
function bestOf({ best, candidates, sessions }: RouterFacts): string | undefined {
  const route = candidates?.find(({ state }) => state === "best");
  if (route) return route.peer?.session ?? "own";
  if (!best || best.via === null) return best && "own";
  // Not every program tells over which of a shared link's sessions it came: its next hop does.
  const named = sessionName({ ifname: best.via, peer: best.nextHop });
  return sessions.some(({ session }) => session === named) ? named : (best.session ?? best.via);
}

function lookAtOrigin(facts: RouteFacts): Finding {
  const { prefix, path } = facts;
  const [origin] = path;
  if (!origin) {
    const own = bestOf(routerOf(facts, facts.router));
    if (own !== undefined) return unknown("origin", `no router of the file originates ${prefix}`);
    return broken("origin", `no router that ${facts.router} can hear from originates ${prefix}`, {
      hint: "add it to a router's originate; a route has exactly the prefix that its origin announces",
    });
  }
  const router = routerOf(facts, origin.router);
  if (router.silence !== undefined) return silent(origin.router, router.silence);
  return bestOf(router) === "own"
    ? ok("origin", `${origin.router} originates ${prefix}`)
    : broken("origin", `${origin.router} does not originate ${prefix}`);
}

const silent = (router: string, silence: string): Finding =>
  broken("speaker", `the speaker of ${router} does not answer: ${silence}`);

/** What must happen for a route to come from one router to the next. */
function hopLooks(before: Hop, hop: Hop): ((facts: RouteFacts) => Finding)[] {
  return [
    (facts) => lookAtSession(facts, before, hop),
    (facts) => lookAtExport(facts, before, hop),
    (facts) => lookAtImport(facts, before, hop),
    (facts) => lookAtDecision(facts, hop),
  ];
}

function lookAtSession(facts: RouteFacts, before: Hop, hop: Hop): Finding {
  const [teller, hearer] = [routerOf(facts, before.router), routerOf(facts, hop.router)];
  if (hearer.silence !== undefined) return silent(hop.router, hearer.silence);
  const ends = [
    { router: before.router, session: before.to ?? "", sessions: teller.sessions },
    { router: hop.router, session: hop.from ?? "", sessions: hearer.sessions },
  ];
  for (const { sessions, ...end } of ends) {
    const state = sessions.find(({ session }) => session === end.session)?.state ?? "not there";
    if (state === "Established") continue;
    const text = `the session ${formatSessionEnd(end)} between ${before.router} and ${hop.router} is ${state}`;
    return broken("session", text, { hint: `fe80 why ${facts.lab} ${formatSessionEnd(end)} says why` });
  }
  return ok("session", `${before.router} and ${hop.router} have a session`);
}

/** The Adj-RIB-Out of the one that tells. */
function lookAtExport(facts: RouteFacts, before: Hop, hop: Hop): Finding {
  const teller = routerOf(facts, before.router);
  const [from, to] = [before.router, hop.router];
  if (teller.told === undefined) return unknown("export", `${from} does not say what it tells ${to}`);
  if (teller.told !== "nothing") return ok("export", `${from} tells ${to} of it`);
  const route = teller.candidates?.find(({ state }) => state === "best");
  const session = teller.config.sessions.find((each) => sessionName(each) === before.to);
  const status = teller.sessions.find((each) => each.session === before.to);
  const why = route && session && status && whyUntold({ route, session, status, router: teller.config });
  return broken("export", `${from} does not tell ${to} of it: it ${why ?? "may do so any moment"}`, {
    hint: `fe80 routes ${facts.lab} ${from} ${facts.prefix} shows all of it`,
  });
}

/** The Adj-RIB-In of the one that hears, and what it makes of that. */
function lookAtImport(facts: RouteFacts, before: Hop, hop: Hop): Finding {
  const { received } = routerOf(facts, hop.router);
  const [from, to] = [before.router, hop.router];
  if (received === undefined) return unknown("import", `${to} does not say what it has heard`);
  if (received === "nothing") {
    return routerOf(facts, from).told === undefined
      ? broken("import", `${to} has heard nothing of it from ${from}`)
      : broken("import", `${to} has not received what ${from} tells of it`);
  }
  if (received.state !== "unusable") return ok("import", `${to} can use what ${from} tells`);
  return broken("import", `${to} does not use what ${from} tells: ${received.why}`, importHint(received));
}

const importHints: readonly (readonly [why: RegExp, hint: string])[] = [
  [/^AS loop/, "its own AS number is in the AS path; allow-own-as lets it pass"],
  [/^not in importPrefixes/, "import-prefixes of the session does not list it"],
  [/^rejected by /, "that rule of its import policy, or the end of it, rejects it"],
  [/^next hop/, "the next hop must be a link-local address of the peer's link, and not its own"],
  [/^route leak/, "only customers may hear of it, and it came from one (RFC 9234)"],
];

function importHint({ why }: RouteDetail): { hint?: string } {
  const hint = importHints.find(([pattern]) => pattern.test(why))?.[1];
  return hint === undefined ? {} : { hint };
}

/** Whether the router uses it; where nothing in particular is expected, any other will do. */
function lookAtDecision(facts: RouteFacts, { router, from }: Hop): Finding {
  const { candidates, best } = routerOf(facts, router);
  const used = bestOf(routerOf(facts, router));
  const own = candidates?.find(({ peer }) => peer?.session === from);
  if (own?.state === "used" || used === from) {
    return ok("decision", `${router} uses it: ${own?.why || best?.decidedBy || "its best route"}`);
  }
  if (used === undefined) return broken("decision", `${router} has decided for no route yet`);
  const way = used === "own" ? "it is an origin itself" : `it goes via ${used}`;
  const text = `${router} prefers another route to it, ${way}: the one via ${from} loses by ${own?.why ?? "its absence"}`;
  return facts.expected ? broken("decision", text) : ok("decision", text);
}

/** What the kernel of the router itself made of it. */
function lookAtKernel(facts: RouteFacts): Finding {
  const { router, prefix, kernel } = facts;
  const { candidates, best, config } = routerOf(facts, router);
  const route = candidates?.find(({ state }) => state === "best");
  const said = route?.kernel ?? best?.kernel ?? "unknown";
  if (said === "connected") return ok("kernel", `${router} is its origin`);
  if (said === "kept out")
    return ok("kernel", `${router} keeps routes out of its kernel, as install: false says`);
  const refusal = /^refused: (.*)$/.exec(said)?.[1];
  if (refusal !== undefined) return broken("kernel", `the kernel of ${router} refused the route: ${refusal}`);
  if (kernel === undefined) {
    return broken(
      "kernel",
      `the kernel of ${router} has no route to ${prefix}, though its speaker says ${said}`,
      {
        hint: `somebody has deleted it, or it is in another table: fe80 exec ${facts.lab} ${router} -- ip route show proto 80`,
      },
    );
  }
  if (kernel.length > 0) return ok("kernel", `the kernel sends packets via ${kernel.join(", ")}`);
  const text = `the kernel of ${router} drops packets to ${prefix}`;
  const blackholes = config.sessions.some(({ blackhole }) => blackhole);
  return broken("kernel", text, {
    hint: blackholes
      ? "the route has the community blackhole (RFC 7999)"
      : "somebody has put a blackhole route there",
  });
}
