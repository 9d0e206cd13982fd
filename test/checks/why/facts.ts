import type { RouteDetail, RouteQuery } from "../../../src/bgp/control/route-detail.ts";
import type { RouteFacts, RouterFacts } from "../../../src/checks/why/route-facts.ts";
import { peersOf, routePath } from "../../../src/checks/why/route-path.ts";
import type { EndFacts, MachineFacts, SessionFacts } from "../../../src/checks/why/session-facts.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { formatSessionEnd, sessionName } from "../../../src/net/session-name.ts";
import type { SessionPeer } from "../../../src/plan/session-peers.ts";
import type { PlannedLab } from "../../support/planned-lab.ts";

/** All that a lab in memory tells of a session. */
export function sessionFacts(lab: PlannedLab, router: string, session: string): SessionFacts {
  const [ifname = ""] = session.split("/");
  const near = { router, ifname, session };
  const far = peersOf(lab.plan).get(formatSessionEnd(near));
  if (!far) throw new Error(`nobody is behind ${formatSessionEnd(near)}`);
  return { lab: lab.plan.lab, near: endFacts(lab, near), far: endFacts(lab, far) };
}

function endFacts(lab: PlannedLab, { router, ifname, session }: SessionPeer): EndFacts {
  const config = lab.router(router).config.name;
  const node = lab.plan.nodes.find(({ name }) => name === config);
  if (!node) throw new Error(`no router ${router}`);
  return {
    router,
    ifname,
    session,
    asn: node.router.asn,
    routerId: node.router.routerId,
    config: node.router.sessions.find((each) => sessionName(each) === session),
    machine: machineFacts(lab, router),
    status: lab.router(router).session(session),
    process: "running",
    portDropping: false,
    silence: undefined,
  };
}

function machineFacts(lab: PlannedLab, router: string): MachineFacts {
  const host = lab.host(router);
  return {
    interfaces: host.links.map(({ ifname, running, linkLocal }) => ({
      ifname,
      // A link in memory that somebody has taken down has lost its address, too; its other end has no carrier.
      up: running || linkLocal !== undefined,
      running,
      addresses: linkLocal === undefined ? [] : [{ address: linkLocal, tentative: false }],
      dropping: false,
    })),
    listening: host.listening,
    drops: host.tcpDrops(),
  };
}

/** All that a lab in memory tells of a route. */
export function routeFacts(lab: PlannedLab, router: string, text: string): RouteFacts {
  const target = { router, prefix: prefix(text) };
  const { hops, expected } = routePath(lab.plan, target);
  const path = hops.length > 0 ? hops : [{ router, from: null, to: null }];
  const routers = path.map((hop): [string, RouterFacts] => {
    const ask = (query: Pick<RouteQuery, "table" | "session">) =>
      lab.routes({ router: hop.router, prefix: target.prefix, ...query });
    const one = (table: RouteQuery["table"], session: string | null): RouteDetail | "nothing" | undefined =>
      session === null ? undefined : (ask({ table, session })[0] ?? "nothing");
    const config = lab.plan.nodes.find(({ name }) => name === hop.router)?.router;
    if (!config) throw new Error(`no router ${hop.router}`);
    const { sessions, routes } = lab.router(hop.router).status;
    const facts: RouterFacts = {
      config,
      silence: undefined,
      sessions,
      best: routes.find((route) => route.prefix === target.prefix),
      candidates: ask({ table: "locRib", session: null }),
      received: one("adjRibIn", hop.from),
      told: one("adjRibOut", hop.to),
    };
    return [hop.router, facts];
  });
  const via = lab.host(router).routes.get(target.prefix);
  const ifnames = new Map(lab.host(router).links.map(({ ifindex, ifname }) => [ifindex, ifname]));
  const kernel = via === "blackhole" ? [] : via?.map(({ ifindex }) => ifnames.get(ifindex) ?? "?");
  return { lab: lab.plan.lab, ...target, path: hops, expected, routers: new Map(routers), kernel };
}
