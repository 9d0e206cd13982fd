import type { RouteDetail, RouteQuery } from "../bgp/control/route-detail.ts";
import type { Daemon } from "../kinds/kind.ts";
import { formatEndpoint } from "../net/endpoint.ts";
import { type Prefix, parsePrefix } from "../net/prefix.ts";
import type { Plan } from "../plan/plan.ts";
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
  /** What a peer told, or is told; the peer by its interface or its name. Undefined for what the router makes of all. */
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
  const ifname = findPeer(plan, target);
  const daemon = daemons.find(({ routers }) => routers.includes(router));
  const socket = daemon && controlSocket(daemon, { plan, router });
  if (!daemon || socket === undefined) return;
  const query: RouteQuery = { router, prefix, table: tableOf(target.peer), ifname };
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

/** The interface that leads to the peer that a user names. */
function findPeer(plan: Plan, { router, peer }: RoutesTarget): string | null {
  if (!plan.nodes.some(({ name }) => name === router)) {
    throw new RouterUnknownError({ lab: plan.lab, router, routers: plan.nodes.map(({ name }) => name) });
  }
  if (peer === undefined) return null;
  const sessions = plan.expectation.sessions.filter((session) => session.router === router);
  const found = sessions.filter(({ ifname }) => ifname === peer.name);
  const named = found.length > 0 ? found : sessions.filter((session) => session.peer.router === peer.name);
  const [only, ...others] = named;
  if (only && others.length === 0) return only.ifname;
  if (only) {
    const ifnames = named.map(({ ifname }) => ifname).join(", ");
    throw new ArgumentError(`${router} has ${named.length} sessions with ${peer.name}`, {
      hint: `name one of its interfaces instead: ${ifnames}`,
    });
  }
  throw new SessionUnknownError({
    lab: plan.lab,
    session: formatEndpoint({ router, ifname: peer.name }),
    sessions: sessions.map((session) => `${formatEndpoint(session)} (${session.peer.router})`),
  });
}

function controlSocket({ probe }: Daemon, { plan, router }: { plan: Plan; router: string }): string {
  if (probe.type === "control") return probe.socket;
  const kind = plan.nodes.find(({ name }) => name === router)?.kind;
  throw new RoutesOpaqueError(`${router} runs ${kind}, which tells nothing but its best routes`, {
    hint: `fe80 inspect ${plan.lab} shows them`,
  });
}
