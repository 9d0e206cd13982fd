import { formatEndpoint } from "../net/endpoint.ts";
import type { StepAction } from "./action.ts";
import type { Span } from "./source.ts";
import type { Step } from "./step.ts";
import type { Link, Topology } from "./topology.ts";

/** What is cut without a sign is noticed when the hold time is over (RFC 4271 §6.5), which may be too late for its step. */
export function tooSlow(
  { work, limits }: Pick<Step, "work" | "limits">,
  { links }: Pick<Topology, "links">,
  span: Span,
): { span: Span; message: string; hint: string } | undefined {
  const silent = work.type === "actions" ? work.actions.flatMap(silenced) : [];
  if (silent.length === 0) return undefined;
  const places = new Set(silent);
  const cut = links.filter(
    ({ ends, expect }) =>
      expect === "established" &&
      ends.some((end) => places.has(end.router) || places.has(formatEndpoint(end))),
  );
  const seconds = Math.max(0, ...cut.map(holdTimeOf));
  if (seconds * 1000 < limits.withinMs) return undefined;
  const message = `some sessions notice this after their hold time of ${seconds} s, and the step must be over within ${limits.withinMs} ms`;
  return { span, message, hint: "give it a longer within, or the sessions shorter timers: { hold: 3 }" };
}

/** The router or the interface that hears nothing any more. */
function silenced(action: StepAction): string[] {
  if (action.type === "pause") return [action.router];
  return action.type === "blackhole" ? [formatEndpoint(action)] : [];
}

/** As both ends settle it. */
const holdTimeOf = ({ ends: [a, b] }: Link) => Math.min(a.session.timers.holdTime, b.session.timers.holdTime);
