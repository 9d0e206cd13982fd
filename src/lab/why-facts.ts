import { digestsAlone } from "../bgp/control/interest.ts";
import type { RouteDetail, RouteQuery } from "../bgp/control/route-detail.ts";
import type { Status } from "../bgp/control/status.ts";
import type { RouteFacts, RouterFacts } from "../checks/why/route-facts.ts";
import { type Hop, peersOf, routePath } from "../checks/why/route-path.ts";
import type { EndFacts, SessionFacts } from "../checks/why/session-facts.ts";
import type { Daemon } from "../kinds/kind.ts";
import type { Endpoint } from "../net/endpoint.ts";
import type { Prefix } from "../net/prefix.ts";
import { formatSessionEnd, type SessionEnd, sessionName } from "../net/session-name.ts";
import { bridgesMember, farEnd } from "../plan/far-end.ts";
import type { NodePlan, Plan } from "../plan/plan.ts";
import type { SessionPeer } from "../plan/session-peers.ts";
import type { DaemonState } from "../runtime/runtime.ts";
import { LabError } from "../std/errors.ts";
import type { Environment } from "./environment.ts";
import { daemonOf } from "./lab-directory.ts";
import { inPartsInTime, inTime, readDaemon } from "./probes.ts";

/** A running lab that can be asked. */
export interface Asked {
  readonly plan: Plan;
  readonly daemons: readonly Daemon[];
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Gathers all that can be learnt of a session; undefined if the plan has none there. */
export async function gatherSession(asked: Asked, end: SessionEnd): Promise<SessionFacts | undefined> {
  const { plan } = asked;
  const peers = peersOf(plan);
  const peer = peers.get(formatSessionEnd(end));
  const own = peer && peers.get(formatSessionEnd(peer));
  if (!peer || !own) return undefined;
  const [near, far] = await Promise.all([gatherEnd(asked, own), gatherEnd(asked, peer)]);
  return { lab: plan.lab, near, far };
}

async function gatherEnd(asked: Asked, { router, ifname, session }: SessionPeer): Promise<EndFacts> {
  const { plan, environment } = asked;
  const node = nodeOf(plan, router);
  const { runtime } = environment;
  const process = await processOf(asked, router);
  const [machine, portDropping, answer] = await Promise.all([
    orSilence(asked, () => runtime.machineFacts({ lab: plan.lab, router })),
    isPortDropping(asked, { router, ifname }),
    // Who cannot answer need not be waited for.
    process === "running" ? orSilence(asked, () => readSession(asked, { router, session })) : nothing,
  ]);
  return {
    router,
    ifname,
    session,
    asn: node.router.asn,
    routerId: node.router.routerId,
    config: node.router.sessions.find((each) => sessionName(each) === session),
    machine: machine.value,
    portDropping,
    process,
    status: answer.value,
    silence: answer.silence,
  };
}

/** How the process is that runs a router. */
function processOf(asked: Asked, router: string): Promise<DaemonState> {
  return asked.environment.runtime.stateOf(asked.plan.lab, daemonOf(asked.daemons, router));
}

const nothing = { value: undefined, silence: undefined };

/** Whether the bridge of a shared link drops what an interface sends; the other end of any other link tells by itself. */
async function isPortDropping({ plan, environment }: Asked, end: Endpoint): Promise<boolean> {
  const far = farEnd(plan, end);
  if (far?.router !== bridgesMember) return false;
  const facts = await environment.runtime.machineFacts({ lab: plan.lab, router: far.router });
  return facts?.interfaces.some(({ ifname, dropping }) => ifname === far.ifname && dropping) ?? false;
}

/** All that a router tells of a session, which is more for our own speaker; undefined if it has none. */
export async function readSession(asked: Asked, end: SessionEnd): Promise<EndFacts["status"]> {
  const { environment, signal } = asked;
  const daemon = daemonOf(asked.daemons, end.router);
  const query = { routers: [end.router], interest: digestsAlone, signal };
  const { sessions } = await readDaemon(daemon, environment, query);
  const status = sessions.find(({ router, session }) => router === end.router && session === end.session);
  if (!status || daemon.probe.type !== "control") return status;
  const { socket } = daemon.probe;
  return await inTime(daemon, { clock: environment.clock, signal }, (either) =>
    environment.control.session(socket, end, either),
  );
}

/** Gathers all that can be learnt of a route, from its origin on. */
export async function gatherRoute(
  asked: Asked,
  target: { router: string; prefix: Prefix },
): Promise<RouteFacts> {
  const { plan, environment } = asked;
  const { hops, expected } = routePath(plan, target);
  const asking = hops.length > 0 ? hops : [{ router: target.router, from: null, to: null }];
  const [routers, kernel] = await Promise.all([
    Promise.all(
      asking.map(async (hop) => [hop.router, await gatherRouter(asked, hop, target.prefix)] as const),
    ),
    environment.runtime.kernelRoutes({ lab: plan.lab, router: target.router }),
  ]);
  const route = kernel.find(({ prefix }) => prefix === target.prefix);
  return {
    lab: plan.lab,
    ...target,
    path: hops,
    expected,
    routers: new Map(routers),
    kernel: route?.nextHops.map(({ via }) => via),
  };
}

/** Of a router that does not answer. */
const untold = {
  sessions: [],
  best: undefined,
  candidates: undefined,
  received: undefined,
  told: undefined,
};

const words = { paused: "is paused", ended: "was stopped, or has crashed" } as const;

async function gatherRouter(asked: Asked, hop: Hop, prefix: Prefix): Promise<RouterFacts> {
  const { router } = hop;
  const { router: config } = nodeOf(asked.plan, router);
  const process = await processOf(asked, router);
  if (process !== "running") return { ...untold, config, silence: `its process ${words[process]}` };
  const answer = await orSilence(asked, () => readRouter(asked, hop, prefix));
  return { ...untold, ...answer.value, config, silence: answer.silence };
}

async function readRouter(asked: Asked, { router, from, to }: Hop, prefix: Prefix) {
  const { environment, signal } = asked;
  const daemon = daemonOf(asked.daemons, router);
  const query = { routers: [router], interest: new Set([prefix]), signal };
  const status: Status = await readDaemon(daemon, environment, query);
  const sessions = status.sessions.filter((session) => session.router === router);
  const best = status.routes.find((route) => route.router === router && route.prefix === prefix);
  const ask = (table: RouteQuery["table"], session: string | null) =>
    readRoutes(asked, { router, prefix, table, session });
  const isKnown = (name: string | null) => sessions.some(({ session }) => session === name);
  const [candidates, [received = "nothing" as const], [told = "nothing" as const]] = await Promise.all([
    ask("locRib", null),
    isKnown(from) ? ask("adjRibIn", from) : [],
    isKnown(to) ? ask("adjRibOut", to) : [],
  ]);
  if (daemon.probe.type !== "control") return { sessions, best };
  return { sessions, best, candidates, received, told };
}

/** Routes of a router; none of a kind that does not tell. @throws {LabError} if it does not answer */
export async function readRoutes(asked: Asked, query: RouteQuery): Promise<RouteDetail[]> {
  const daemon = daemonOf(asked.daemons, query.router);
  const { probe } = daemon;
  if (probe.type !== "control") return [];
  const { environment, signal } = asked;
  const { clock, control } = environment;
  const found: RouteDetail[] = [];
  const parts = inPartsInTime(daemon, { clock, signal }, (either) =>
    control.routes(probe.socket, query, either),
  );
  for await (const part of parts) found.push(...part);
  return found;
}

/** What somebody answers, or why nobody does. */
async function orSilence<T>(
  { signal }: Asked,
  ask: () => Promise<T>,
): Promise<{ value: T | undefined; silence: string | undefined }> {
  try {
    return { value: await ask(), silence: undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
    return { value: undefined, silence: error.message };
  }
}

function nodeOf(plan: Plan, router: string): NodePlan {
  const found = plan.nodes.find(({ name }) => name === router);
  if (!found) throw new RangeError(`the plan has no router ${router}`);
  return found;
}
