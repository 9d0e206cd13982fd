import type { Asn } from "../net/asn.ts";
import type { GraphSession } from "./graph.ts";

/** A route, as far as the decision process looks at it. */
export interface Candidate {
  readonly localPref: number;
  /** How many ASNs the AS path has. */
  readonly length: number;
  /** The AS that told ours of it; ours if we originate it. */
  readonly neighborAs: Asn;
  readonly med: number;
  /** Learnt from an iBGP peer, and so not told to another (RFC 4271 §9.2). */
  readonly internal: boolean;
  /** Of the session that it came over; 0 if we originate it. */
  readonly rank: number;
}

const defaultLocalPref = 100;

/** What a router originates. */
export function originated(asn: Asn): Candidate {
  return { localPref: defaultLocalPref, length: 0, neighborAs: asn, med: 0, internal: false, rank: 0 };
}

/** What a peer's best route becomes on its way over a session, with what both ends set. */
export function heardOver(session: GraphSession, best: Candidate): Candidate {
  const { external, peerAsn, localPref, told, rank } = session;
  if (external) {
    return {
      localPref: localPref ?? defaultLocalPref,
      length: best.length + 1,
      neighborAs: peerAsn,
      // A MED that another AS gave goes no further (RFC 4271 §5.1.4).
      med: told.med ?? 0,
      internal: false,
      rank,
    };
  }
  return {
    localPref: localPref ?? told.localPref ?? best.localPref,
    length: best.length,
    neighborAs: best.neighborAs,
    med: told.med ?? best.med,
    internal: true,
    rank,
  };
}

/** The decision process (RFC 4271 §9.1.2.2). */
export function choose<C extends Candidate>(candidates: readonly C[]): C | undefined {
  const [first] = candidates;
  if (first === undefined) return undefined;
  const strongest = candidates.reduce((best, one) => (strength(one, best) > 0 ? one : best), first);
  const survivors = withoutHigherMed(candidates.filter((one) => strength(one, strongest) === 0));
  return survivors.reduce((best, one) => (goesFirst(one, best) ? one : best));
}

/** Those of the candidates that are equal to the choice until a tie is broken, in order (multipath). */
export function alongside<C extends Candidate>(choice: C, candidates: readonly C[]): C[] {
  return withoutHigherMed(candidates.filter((one) => strength(one, choice) === 0))
    .filter((one) => one.rank !== choice.rank && one.internal === choice.internal)
    .sort((a, b) => a.rank - b.rank);
}

/** MEDs are compared within one neighbor AS. */
function withoutHigherMed<C extends Candidate>(candidates: readonly C[]): C[] {
  const lowest = new Map<Asn, number>();
  for (const { neighborAs, med } of candidates) {
    lowest.set(neighborAs, Math.min(med, lowest.get(neighborAs) ?? med));
  }
  return candidates.filter(({ neighborAs, med }) => med === lowest.get(neighborAs));
}

/**
 * Whether a choice stays the choice whether or not a rival is there, too.
 *
 * @param rival its AS path may turn out longer
 * @param candidates those that the choice was made from
 */
export function withstands(choice: Candidate, rival: Candidate, candidates: readonly Candidate[]): boolean {
  const stronger = strength(choice, rival);
  if (stronger !== 0) return stronger > 0;
  if (hasLowerMed(rival, choice)) return false;
  return (
    goesFirst(choice, rival) ||
    candidates.some((other) => strength(other, choice) === 0 && hasLowerMed(other, rival))
  );
}

/** Positive if the first has the higher LOCAL_PREF, or else the shorter AS path; 0 if neither. */
function strength(a: Candidate, b: Candidate): number {
  return a.localPref - b.localPref || b.length - a.length;
}

function hasLowerMed(a: Candidate, b: Candidate): boolean {
  return a.neighborAs === b.neighborAs && a.med < b.med;
}

/** eBGP before iBGP, then the order of the sessions. */
function goesFirst(a: Candidate, b: Candidate): boolean {
  return a.internal === b.internal ? a.rank < b.rank : b.internal;
}
