import { quote } from "../bgp/config/message.ts";
import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import { type SessionEnd, sessionName } from "../net/session-name.ts";
import type { Members } from "./expect-checks.ts";
import { nobody } from "./groups.ts";
import type { EndText } from "./link-text.ts";
import { type TargetText, targetHint } from "./target-text.ts";
import type { Link, Topology } from "./topology.ts";

/** What steps may name of a lab. */
export interface StepLab extends Members {
  readonly topology: Omit<Topology, "steps">;
}

/** Why a text stands for nothing. */
export interface Nothing {
  readonly message: string;
  readonly hint: string;
}

/** The interfaces of a target, those of one link together, in the order of the target. */
export function findEnds(lab: StepLab, { ends, peer }: TargetText): readonly Endpoint[][] | Nothing {
  const unknown = missing(lab, ends);
  if (unknown) return unknown;
  if (peer !== null) return { message: "this is a session, not an interface", hint: targetHint };
  const found = mediaOf(lab).flatMap((medium) => matches(lab, ends, medium));
  return found.length > 0 ? found : noLink(lab, ends);
}

/** The sessions of a target, each by one of its ends; of an end all that it has. */
export function findSessions(lab: StepLab, { ends, peer }: TargetText): readonly SessionEnd[][] | Nothing {
  const unknown = missing(lab, ends);
  if (unknown) return unknown;
  const links = lab.topology.links.filter(({ expect }) => expect !== "none");
  const found = links.flatMap((link) =>
    matches(lab, ends, link.ends).map((own) => own.map((end) => sessionAt(lab, link, end))),
  );
  const chosen = found.filter(([first]) => peer === null || first?.session.endsWith(`/${peer}`));
  return chosen.length > 0 ? chosen : noLink(lab, ends);
}

/** The session of one end of a link. */
function sessionAt(
  { linkLocals }: StepLab,
  { ends, segment }: Link,
  { router, ifname }: Endpoint,
): SessionEnd {
  const far = ends.find((end) => end.router !== router);
  const peer = segment === null || !far ? null : (linkLocals.get(far.router) ?? null);
  return { router, session: sessionName({ ifname, peer }) };
}

/** All that links interfaces: cables, also those of hosts, and what several routers share. */
function mediaOf({ topology: { links, segments, hosts } }: StepLab): readonly (readonly Endpoint[])[] {
  const cables = links.filter(({ segment }) => segment === null);
  return [...cables, ...segments, ...hosts.map(({ wire }) => wire)].map(({ ends }) => ends);
}

/** Those interfaces of a medium that a text stands for: one alone, or both of a link of two. */
function matches({ members }: StepLab, texts: readonly EndText[], medium: readonly Endpoint[]): Endpoint[][] {
  const isMeant = ({ router, ifname }: EndText, end: Endpoint) =>
    members.stands(router, { for: end.router }) && (ifname === undefined || ifname === end.ifname);
  const [one, other] = texts;
  if (!one) return [];
  if (!other) return medium.filter((end) => isMeant(one, end)).map((end) => [end]);
  const [a, b, ...more] = medium;
  if (!a || !b || more.length > 0) return [];
  if (isMeant(one, a) && isMeant(other, b)) return [[a, b]];
  return isMeant(one, b) && isMeant(other, a) ? [[b, a]] : [];
}

function missing({ members, guess }: StepLab, ends: readonly EndText[]): Nothing | undefined {
  for (const { router } of ends) {
    const { missing } = members.select(router);
    if (missing !== undefined) return nobody(missing, guess);
  }
  return undefined;
}

/** So many interfaces a hint names. */
const shown = 8;

function noLink(lab: StepLab, ends: readonly EndText[]): Nothing {
  const text = ends
    .map(({ router, ifname }) => (ifname === undefined ? router : `${router}:${ifname}`))
    .join(" -- ");
  const [first] = ends;
  const own = mediaOf(lab)
    .flat()
    .filter(({ router }) => first && lab.members.stands(first.router, { for: router }));
  const names = own.map(formatEndpoint);
  const list = `${names.slice(0, shown).join(", ")}${names.length > shown ? ", …" : ""}`;
  const hint =
    names.length === 0 ? "it has no links" : `there are ${list}; on a shared link name an end of it`;
  return { message: `no link is ${quote(text)}`, hint };
}
