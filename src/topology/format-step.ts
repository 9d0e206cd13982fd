import { formatEndpoint } from "../net/endpoint.ts";
import { formatSessionEnd } from "../net/session-name.ts";
import type { StepAction } from "./action.ts";
import type { Step } from "./step.ts";

/**
 * A step as it can be put into a file, in one line: `- { name: "…", do: [{ kill: r1 }], within: 3000ms }`.
 *
 * @throws {RangeError} if it changes settings: only what chaos chooses is formatted, which changes none
 */
export function formatStep({ name, work, limits }: Step): string {
  const done =
    work.type === "chaos"
      ? `chaos: { faults: ${work.faults}, seed: ${work.seed} }`
      : `do: [${work.actions.map(formatAction).join(", ")}]`;
  return `- { name: ${JSON.stringify(name)}, ${done}, within: ${limits.withinMs}ms }`;
}

function formatAction(action: StepAction): string {
  switch (action.type) {
    case "heal":
      return "heal";
    case "link-flap":
      return `{ link-flap: { link: ${JSON.stringify(formatEndpoint(action))}, for: ${action.forMs}ms } }`;
    case "link-down":
    case "link-up":
    case "blackhole":
    case "unblackhole":
      return `{ ${action.type}: ${JSON.stringify(formatEndpoint(action))} }`;
    case "reset":
    case "soft-reset":
      return `{ ${action.type}: ${JSON.stringify(formatSessionEnd(action))} }`;
    case "announce":
    case "withdraw":
      return `{ ${action.type}: { router: ${JSON.stringify(action.router)}, prefixes: ${JSON.stringify(action.prefixes)} } }`;
    case "configure":
      throw new RangeError("settings are not formatted");
    default:
      return `{ ${action.type}: ${JSON.stringify(action.router)} }`;
  }
}
