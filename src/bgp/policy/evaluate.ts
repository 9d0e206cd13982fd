import type { Asn } from "../../net/asn.ts";
import type { NextHop, PathAttributes } from "../wire/message.ts";
import type { Policy } from "./policy.ts";

/** A route, as a policy sees it. */
export interface Candidate {
  /** 4 or 16 octets, host bits clear. A view. */
  readonly network: Uint8Array;
  /** Bits of `network` that count. */
  readonly length: number;
  readonly attributes: PathAttributes;
  readonly nextHop: NextHop | undefined;
  /** Who told us; undefined for what is originated here. */
  readonly from: { readonly ifname: string; readonly asn: Asn } | undefined;
}

export type Verdict =
  /** The very same attributes object if nothing changed. `by` is the rule, such as `"customers rule 2"`. */
  | { readonly type: "accepted"; readonly attributes: PathAttributes; readonly by: string }
  | { readonly type: "rejected"; readonly by: string };

/** What a policy makes of a route of a router in this AS. */
export function evaluate(_policy: Policy, _route: Candidate, _localAsn: Asn): Verdict {
  throw new Error("not written");
}

/** Whether the verdict on a route may depend on its prefix; if not, one verdict holds for all routes with equal attributes, next hop and peer. */
export function dependsOnPrefix({ rules }: Policy): boolean {
  return rules.some(({ match }) => match.prefixes !== undefined);
}
