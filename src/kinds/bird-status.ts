import type { RouterConfig, SessionConfig } from "../bgp/config/config.ts";
import type { RouteStatus, SessionStatus, StateName, Status } from "../bgp/control/status.ts";
import { type Family, parseAddress, parseRouterId } from "../net/address.ts";
import { isAsn } from "../net/asn.ts";
import { sessionName } from "../net/session-name.ts";
import { readBirdRoutes } from "./bird-routes.ts";
import { birdSessionName } from "./bird-session-name.ts";

/**
 * A router's status out of what BIRD and the kernel print.
 *
 * BIRD tells when a session entered its state, not how often: `establishedCount` is 1 while Established and 0
 * otherwise, and the time is in `connectionId`, which so changes whenever the session comes up again. It does not tell
 * who opened a connection, nor earlier states.
 *
 * @param outputs of `show protocols all`, of `show route all primary`, and of `ip -json route` for IPv4 and IPv6
 */
export function readBirdStatus(router: RouterConfig, outputs: readonly string[]): Status {
  const [protocols = "", routes = "", ...kernel] = outputs;
  const blocks = bgpBlocks(protocols);
  return {
    routers: [{ router: router.name, asn: router.asn, routerId: router.routerId }],
    sessions: router.sessions.map((session, index) =>
      readSession(
        router,
        session,
        blocks.find(({ name }) => name === birdSessionName(index)),
      ),
    ),
    routes: readBirdRoutes(routes, kernel).map((route): RouteStatus => ({ router: router.name, ...route })),
  };
}

/** What `show protocols all` says of one BGP protocol. */
interface Block {
  readonly name: string;
  readonly since: string;
  readonly lines: readonly string[];
}

function bgpBlocks(output: string): Block[] {
  return output.split(/\n(?=\S)/).flatMap((text) => {
    const [, name, since] = /^(\S+)\s+BGP\s+\S+\s+\S+\s+(\S+ \S+)/.exec(text) ?? [];
    return name === undefined || since === undefined ? [] : [{ name, since, lines: text.split("\n") }];
  });
}

function readSession(router: RouterConfig, session: SessionConfig, block: Block | undefined): SessionStatus {
  const state = stateOf(block);
  const address = field(block, "Neighbor address")?.split("%")[0];
  const routerId = parseRouterId(field(block, "Neighbor ID") ?? "") ?? null;
  const established = state === "Established";
  return {
    router: router.name,
    ifname: session.ifname,
    session: sessionName(session),
    state,
    since: null,
    peerAsn: routerId === null ? null : readAsn(block),
    peerRouterId: routerId,
    peerHostname: null,
    peerAddress: parseAddress(address ?? "") ?? null,
    localAddress: null,
    neighbors: [],
    connectionId: established && block ? `${block.name} ${block.since}` : null,
    direction: null,
    holdTime: readHoldTime(block),
    families: readFamilies(block),
    establishedCount: established ? 1 : 0,
    lastError: field(block, "Last error") ?? null,
    waitingFor: established ? null : waitingFor(session, block),
    history: [],
  };
}

function field(block: Block | undefined, name: string): string | undefined {
  return block?.lines.find((line) => line.trimStart().startsWith(`${name}:`))?.replace(/^[^:]*:\s*/, "");
}

function stateOf(block: Block | undefined): StateName {
  const state = field(block, "BGP state");
  switch (state) {
    case "Connect":
    case "Active":
    case "OpenSent":
    case "OpenConfirm":
    case "Established":
      return state;
    case "Passive":
      return "Active";
    default:
      return "Idle";
  }
}

function readAsn(block: Block | undefined): SessionStatus["peerAsn"] {
  const value = Number(field(block, "Neighbor AS"));
  return isAsn(value) ? value : null;
}

/** `Hold timer: 5.332/6` is what is left and the negotiated time. */
function readHoldTime(block: Block | undefined): number | null {
  const [, seconds] = /\/(\d+)/.exec(field(block, "Hold timer") ?? "") ?? [];
  return seconds === undefined ? null : Number(seconds);
}

/** What stands in both lists of capabilities, ours and the peer's. */
function readFamilies(block: Block | undefined): Family[] {
  const announced = block?.lines.filter((line) => line.includes("AF announced:")) ?? [];
  if (announced.length < 2) return [];
  return ([4, 6] as const).filter((family) => announced.every((line) => line.includes(`ipv${family}`)));
}

function waitingFor({ ifname }: SessionConfig, block: Block | undefined): string {
  if (block === undefined) return "BIRD to start";
  for (const timer of ["Error wait", "Connect delay"]) {
    const left = field(block, timer);
    if (left !== undefined) return `its ${timer.toLowerCase()} timer (${left.replace("/", " s of ")} s left)`;
  }
  return field(block, "BGP state") === "Passive"
    ? `a connection from its peer on ${ifname}`
    : "its peer's answer";
}
