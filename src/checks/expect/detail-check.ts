import type { RouteDetail } from "../../bgp/control/route-detail.ts";
import type { SessionDetail } from "../../bgp/control/session-detail.ts";
import type { SessionStatus } from "../../bgp/control/status.ts";
import {
  formatCommunity,
  formatExtendedCommunity,
  formatLargeCommunity,
} from "../../bgp/wire/community-text.ts";
import { formatSessionEnd } from "../../net/session-name.ts";
import type { Check } from "../../plan/plan.ts";
import { unreachable } from "../../std/errors.ts";
import { inOne, sameSet } from "./status-check.ts";

/** A route in the kernel: interfaces of its next hops, none where packets are dropped. */
export interface KernelRoute {
  readonly prefix: string;
  readonly vias: readonly string[];
}

/** What a router tells only when it is asked, as far as a check looks at it. */
export interface DetailFacts {
  readonly best: RouteDetail | undefined;
  readonly kernel: readonly KernelRoute[];
  readonly session: SessionStatus | SessionDetail | undefined;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly nowMs: number;
}

/** Whether a check needs more than a router tells with each change. */
export function needsDetail(check: Check): boolean {
  switch (check.type) {
    case "kernel":
    case "ping":
      return true;
    case "routeCount":
      return false;
    case "session":
      return check.uptimeMs !== undefined || check.capabilities !== undefined;
    case "route":
      return check.present && attributesOf(check).some((each) => each !== undefined);
    default:
      return unreachable(check);
  }
}

/** Those that come with neither the best route nor its change. */
function attributesOf(check: Extract<Check, { type: "route" }>) {
  const { communities, largeCommunities, extendedCommunities, localPref, med, origin } = check;
  return [communities, largeCommunities, extendedCommunities, localPref, med, origin];
}

/** What is not as a check wants it, as a sentence, of what a router tells only when it is asked. */
export function detailMismatch(check: Check, facts: DetailFacts): string | undefined {
  if (check.type === "kernel") return kernelMismatch(check, facts.kernel);
  if (check.type === "session") return inOne(sessionMismatches(check, facts));
  return check.type === "route" && check.present ? inOne(attributeMismatches(check, facts.best)) : undefined;
}

function* sessionMismatches(
  { uptimeMs, capabilities = [], ...check }: Extract<Check, { type: "session" }>,
  { session, nowMs }: DetailFacts,
): Generator<string> {
  const name = formatSessionEnd(check);
  if (uptimeMs !== undefined) {
    const up =
      session?.state === "Established" && session.since !== null
        ? nowMs - Date.parse(session.since)
        : undefined;
    if (up === undefined) {
      yield `${name} is ${session?.state ?? "not known"}, or since when it is nobody tells`;
    } else if (up < uptimeMs) {
      yield `${name} is Established for ${Math.max(0, Math.round(up))} ms, expected ${uptimeMs} ms`;
    }
  }
  if (capabilities.length === 0) return;
  const open = session && "messages" in session ? session.messages : [];
  const told = open.findLast(({ message, direction }) => message === "open" && direction === "received");
  if (!told) return yield `${name} does not tell what its peer's OPEN announces`;
  const text = told.contents.toLowerCase();
  const missing = capabilities.filter((each) => !text.includes(each.toLowerCase()));
  if (missing.length > 0) yield `the peer of ${name} announces no ${missing.join(", ")}: ${told.contents}`;
}

function kernelMismatch(
  { router, prefix, present, via }: Extract<Check, { type: "kernel" }>,
  routes: readonly KernelRoute[],
): string | undefined {
  const found = routes.find((route) => route.prefix === prefix);
  if (!present)
    return (
      found && `the kernel of ${router} has a route to ${prefix}: ${wordVias(found.vias)}, expected none`
    );
  if (!found) return `the kernel of ${router} has no route to ${prefix}`;
  if (via === undefined || sameSet(via, found.vias)) return undefined;
  return `the kernel of ${router} has ${prefix}: ${wordVias(found.vias)}, expected ${wordVias(via)}`;
}

const wordVias = (vias: readonly string[]) =>
  vias.length === 0 ? "packets are dropped" : `via ${vias.join(", ")}`;

function* attributeMismatches(
  check: Extract<Check, { type: "route" }>,
  best: RouteDetail | undefined,
): Generator<string> {
  const { router, prefix, localPref, med, origin } = check;
  const name = `the route of ${router} to ${prefix}`;
  if (!best) return yield `${router} has no route to ${prefix}`;
  const { attributes } = best;
  const lists = [
    ["communities", check.communities?.map(formatCommunity), attributes.communities?.map(formatCommunity)],
    [
      "large communities",
      check.largeCommunities?.map(formatLargeCommunity),
      attributes.largeCommunities?.map(formatLargeCommunity),
    ],
    [
      "extended communities",
      check.extendedCommunities?.map(formatExtendedCommunity),
      attributes.extendedCommunities?.map(formatExtendedCommunity),
    ],
  ] as const;
  for (const [what, wanted = [], own = []] of lists) {
    const missing = wanted.filter((each) => !own.includes(each));
    if (missing.length === 0) continue;
    yield `${name} lacks the ${what} ${missing.join(", ")}: it has ${own.join(", ") || "none"}`;
  }
  const values = [
    ["LOCAL_PREF", localPref, attributes.localPref],
    ["MULTI_EXIT_DISC", med, attributes.med],
    ["ORIGIN", origin, attributes.origin],
  ] as const;
  for (const [what, wanted, own] of values) {
    if (wanted !== undefined && own !== wanted) {
      yield `${name} has ${what} ${own ?? "none"}, expected ${wanted}`;
    }
  }
}
