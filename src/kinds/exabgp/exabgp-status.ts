import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { SessionStatus, StateName, Status } from "../../bgp/control/status.ts";
import { type Family, parseRouterId } from "../../net/address.ts";
import { isAsn } from "../../net/asn.ts";
import { sessionName } from "../../net/session-name.ts";
import { learned, originated } from "../route.ts";
import { applyUpdate, type Learned, type UpdateEvent } from "./exabgp-routes.ts";

/** What ExaBGP's API says, a line each, as far as it is read. */
interface Event extends UpdateEvent {
  readonly pid?: number;
  readonly type?: string;
  readonly neighbor?: UpdateEvent["neighbor"] & {
    readonly address?: { readonly peer?: string };
    readonly state?: string;
    readonly reason?: string;
    readonly direction?: string;
    readonly open?: Open;
  };
}

interface Open {
  readonly asn?: number;
  readonly hold_time?: number;
  readonly router_id?: string;
  readonly capabilities?: Readonly<
    Record<string, { readonly families?: readonly string[]; readonly asn4?: number }>
  >;
}

/** The codes of the capabilities that are read. */
const multiprotocol = "1";
const fourOctetAs = "65";

/** What has come of all that happened. */
interface Story {
  readonly state: StateName;
  readonly ups: number;
  readonly pid: number | undefined;
  readonly open: Open | undefined;
  readonly lastError: string | null;
}

const untold: Story = {
  state: "Active",
  ups: 0,
  pid: undefined,
  open: undefined,
  lastError: null,
};

/**
 * A router's status out of all that its API has told since it started. It has one session at most.
 *
 * It takes routes that have been through its own AS, too; those, which nobody may use (RFC 4271 §9.1.2) unless it is allowed, are left out here.
 */
export function readExabgpStatus(router: RouterConfig, events: string): Status {
  const known: Learned = new Map();
  const story = events
    .split("\n")
    .flatMap(eventOf)
    .reduce((before, event) => next(before, event, known), untold);
  const { name, asn, routerId, sessions, originate } = router;
  const routes = sessions.flatMap(({ ifname, allowOwnAs }) =>
    [...known.values()]
      .filter(({ asPath }) => asPath.split(/[ ,{}]/).filter((one) => one === `${asn}`).length <= allowOwnAs)
      .map((route) => ({ router: name, ...learned({ ...route, via: ifname }) })),
  );
  return {
    routers: [{ router: name, asn, routerId }],
    sessions: sessions.map((session) => ({ router: name, ...sessionOf(session, story) })),
    routes: [...originate.map((prefix) => ({ router: name, ...originated(prefix) })), ...routes],
  };
}

/** The last line may be half there. */
function eventOf(line: string): Event[] {
  try {
    return [JSON.parse(line) as Event];
  } catch {
    return [];
  }
}

/** @param known changes by what the peer tells, and by its loss */
function next(story: Story, event: Event, known: Learned): Story {
  const { neighbor, type } = event;
  if (type === "update") applyUpdate(known, event);
  if (type === "open" && neighbor?.direction === "receive") return { ...story, open: neighbor.open };
  if (type !== "state") return story;
  if (neighbor?.state === "down") known.clear();
  return changeState(story, event);
}

function changeState(story: Story, { neighbor, pid }: Event): Story {
  switch (neighbor?.state) {
    case "connected":
      return { ...story, state: "OpenSent", open: undefined, pid };
    case "up":
      return { ...story, state: "Established", ups: story.ups + 1, pid };
    case "down":
      return { ...untold, ups: story.ups, lastError: neighbor.reason ?? null };
    default:
      return story;
  }
}

function sessionOf(session: SessionConfig, story: Story): Omit<SessionStatus, "router"> {
  const { state, open, ups, pid, lastError } = story;
  const established = state === "Established";
  const asn = open?.capabilities?.[fourOctetAs]?.asn4 ?? open?.asn ?? 0;
  return {
    ifname: session.ifname,
    session: sessionName(session),
    state,
    since: null,
    peerAsn: isAsn(asn) ? asn : null,
    peerRouterId: parseRouterId(open?.router_id ?? "") ?? null,
    peerHostname: null,
    peerAddress: null,
    localAddress: session.linkLocal,
    neighbors: [],
    connectionId: established ? `${pid} ${ups}` : null,
    direction: established ? "inbound" : null,
    holdTime: open?.hold_time === undefined ? null : Math.min(open.hold_time, session.timers.holdTime),
    families: familiesOf(session, open),
    establishedCount: ups,
    lastError,
    waitingFor: established ? null : waitingFor(session, state),
    history: [],
  };
}

function familiesOf(session: SessionConfig, open: Open | undefined): Family[] {
  const theirs = open?.capabilities?.[multiprotocol]?.families ?? [];
  return session.families.filter((family) => theirs.includes(`ipv${family}/unicast`));
}

function waitingFor({ ifname }: SessionConfig, state: StateName): string {
  return state === "Active" ? `a connection from its peer on ${ifname}` : "its peer's answer";
}
