import type { RouteDetail, RouteQuery } from "../bgp/control/route-detail.ts";
import type { Daemon, PlacedFile } from "../kinds/kind.ts";
import type { Endpoint } from "../net/endpoint.ts";
import { type Prefix, parsePrefix } from "../net/prefix.ts";
import { formatSessionEnd, sessionName } from "../net/session-name.ts";
import type { Plan } from "../plan/plan.ts";
import { sessionPeers } from "../plan/session-peers.ts";
import type { Environment } from "./environment.ts";
import { ArgumentError, RouterUnknownError, RoutesOpaqueError, SessionUnknownError } from "./errors.ts";
import { readRecord } from "./lab-directory.ts";
import { runningLab } from "./names.ts";
import { inPartsInTime } from "./probes.ts";

/** Which routes a user asks for. */
export interface RoutesTarget {
  /** A lab's name or topology file. */
  readonly lab: string;
  readonly router: string;
  /** As it is written; undefined for all. */
  readonly prefix: string | undefined;
  /** What a peer told, or is told; the peer by its interface, its session or its name. Undefined for what the router makes of all. */
  readonly peer: { readonly direction: "in" | "out"; readonly name: string } | undefined;
}

/**
 * The routes of a router of a lab, many at a time.
 *
 * @throws {RouterUnknownError} {@link SessionUnknownError} {@link ArgumentError} {@link RoutesOpaqueError}
 */
export async function* routes(
  target: RoutesTarget,
  { signal }: { signal: AbortSignal },
  environment: Environment,
): AsyncGenerator<readonly RouteDetail[]> {
  const prefix = target.prefix === undefined ? null : readPrefix(target.prefix);
  const { name } = await runningLab(target.lab, environment);
  const { plan, daemons } = await readRecord(name, environment);
  const { router } = target;
  const session = findPeer(plan, target);
  const daemon = daemons.find(({ routers }) => routers.includes(router));
  const socket = daemon && controlSocket(daemon, { plan, router });
  if (!daemon || socket === undefined) return;
  const query: RouteQuery = { router, prefix, table: tableOf(target.peer), session };
  yield* inPartsInTime(daemon, { clock: environment.clock, signal }, (either) =>
    environment.control.routes(socket, query, either),
  );
}

/** A prefix as a user writes it. @throws {ArgumentError} */
export function readPrefix(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (typeof prefix === "string") return prefix;
  const hint =
    prefix.type === "hostBits"
      ? `the prefix is ${prefix.network}`
      : "a prefix is written 10.0.1.0/24 or 2001:db8::/48";
  throw new ArgumentError(`${text} is not a prefix`, { hint });
}

function tableOf(peer: RoutesTarget["peer"]): RouteQuery["table"] {
  if (peer === undefined) return "locRib";
  return peer.direction === "in" ? "adjRibIn" : "adjRibOut";
}

/** The name of the session with the peer that a user names. */
function findPeer(plan: Plan, { router, peer }: RoutesTarget): string | null {
  if (!plan.nodes.some(({ name }) => name === router)) {
    throw new RouterUnknownError({ lab: plan.lab, router, routers: plan.nodes.map(({ name }) => name) });
  }
  if (peer === undefined) return null;
  const sessions = sessionsOf(plan, router);
  const found = sessions.filter(({ ifname, name }) => name === peer.name || ifname === peer.name);
  const named = found.length > 0 ? found : sessions.filter((session) => session.peer.router === peer.name);
  const [only, ...others] = named;
  if (only && others.length === 0) return only.name;
  if (only) {
    const names = named.map(({ name }) => name).join(", ");
    const what = found.length > 0 ? `on ${peer.name}` : `with ${peer.name}`;
    throw new ArgumentError(`${router} has ${named.length} sessions ${what}`, {
      hint: `name one of them instead: ${names}`,
    });
  }
  throw new SessionUnknownError({
    lab: plan.lab,
    session: formatSessionEnd({ router, session: peer.name }),
    sessions: sessions.map(
      ({ name, peer }) => `${formatSessionEnd({ router, session: name })} (${peer.router})`,
    ),
  });
}

/** A router's sessions with their peers, whether or not they must come up. */
function sessionsOf(plan: Plan, router: string): { name: string; ifname: string; peer: Endpoint }[] {
  const own = plan.nodes.find(({ name }) => name === router)?.router.sessions ?? [];
  const peers = sessionPeers(plan);
  return own.flatMap((session) => {
    const name = sessionName(session);
    const peer = peers.get(formatSessionEnd({ router, session: name }));
    return peer === undefined ? [] : [{ name, ifname: session.ifname, peer }];
  });
}

function controlSocket({ probe }: Daemon, { plan, router }: { plan: Plan; router: string }): PlacedFile {
  if (probe.type === "control") return probe.socket;
  const kind = plan.nodes.find(({ name }) => name === router)?.kind;
  throw new RoutesOpaqueError(`${router} runs ${kind}, which tells nothing but its best routes`, {
    hint: `fe80 inspect ${plan.lab} shows them`,
  });
}
