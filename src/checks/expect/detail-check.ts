import type { RouteDetail } from "../../bgp/control/route-detail.ts";
import { formatCommunity } from "../../bgp/wire/community-text.ts";
import type { Check } from "../../plan/plan.ts";
import { sameSet } from "./status-check.ts";

/** A route in the kernel: interfaces of its next hops, none where packets are dropped. */
export interface KernelRoute {
  readonly prefix: string;
  readonly vias: readonly string[];
}

/** What a router tells only when it is asked, as far as a check looks at it. */
export interface DetailFacts {
  readonly best: RouteDetail | undefined;
  readonly kernel: readonly KernelRoute[];
}

/** Whether a check needs more than a router tells with each change. */
export function needsDetail(check: Check): boolean {
  if (check.type === "kernel" || check.type === "ping") return true;
  if (check.type !== "route" || !check.present) return false;
  return [check.communities, check.localPref, check.med].some((each) => each !== undefined);
}

/** What is not as a check wants it, as a sentence, of what a router tells only when it is asked. */
export function detailMismatch(check: Check, { best, kernel }: DetailFacts): string | undefined {
  if (check.type === "kernel") return kernelMismatch(check, kernel);
  return check.type === "route" && check.present ? attributeMismatch(check, best) : undefined;
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

function attributeMismatch(
  { router, prefix, communities, localPref, med }: Extract<Check, { type: "route" }>,
  best: RouteDetail | undefined,
): string | undefined {
  const name = `the route of ${router} to ${prefix}`;
  if (!best) return `${router} has no route to ${prefix}`;
  const { attributes } = best;
  const own = attributes.communities ?? [];
  const missing = (communities ?? []).filter((each) => !own.includes(each));
  if (missing.length > 0) {
    const has = own.length === 0 ? "none" : own.map(formatCommunity).join(", ");
    return `${name} lacks the communities ${missing.map(formatCommunity).join(", ")}: it has ${has}`;
  }
  const words = (value: number | undefined) => value ?? "none";
  if (localPref !== undefined && attributes.localPref !== localPref) {
    return `${name} has LOCAL_PREF ${words(attributes.localPref)}, expected ${localPref}`;
  }
  if (med !== undefined && attributes.med !== med) {
    return `${name} has MULTI_EXIT_DISC ${words(attributes.med)}, expected ${med}`;
  }
  return undefined;
}
