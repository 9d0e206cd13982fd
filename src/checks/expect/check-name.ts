import { formatSessionEnd } from "../../net/session-name.ts";
import type { Check } from "../../plan/plan.ts";
import { unreachable } from "../../std/errors.ts";

/** What a check is about, as the beginning of a sentence. */
export function checkName(check: Check): string {
  switch (check.type) {
    case "session":
      return `session ${formatSessionEnd(check)}`;
    case "route":
      return `the route of ${check.router} to ${check.prefix}`;
    case "routeCount":
      return `the number of routes of ${check.router}`;
    case "kernel":
      return `the route of the kernel of ${check.router} to ${check.prefix}`;
    case "ping":
      return `ping from ${check.router} to ${check.to}`;
    default:
      return unreachable(check);
  }
}
