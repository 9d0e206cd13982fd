import { formatEndpoint } from "../net/endpoint.ts";
import type { LinkEndPlan, Plan } from "../plan/plan.ts";
import { count } from "./count.ts";

interface Started {
  readonly name: string;
  readonly command: readonly string[];
}

/** What `up` would make, a line a thing. */
export function planLines(plan: Plan, daemons: readonly Started[]): string[] {
  return [
    ...plan.nodes.map(({ netns, loopback }) => ["netns", netns, ...loopback].join(" ")),
    ...plan.links.map(({ ends: [a, b], mtu }) => `veth ${end(a)} -- ${end(b)} mtu ${mtu}`),
    ...daemons.map(({ name, command }) => `start ${name}: ${command.join(" ")}`),
  ];
}

/** A plan in one line. */
export function planSummary({ lab, nodes, links, expectation }: Plan): string {
  const { sessions, routes } = expectation;
  const size = `${count(nodes.length, "router")}, ${count(links.length, "link")}`;
  return `${lab} is a valid topology: ${size}; expects ${count(sessions.length, "session")} and ${count(routes.length, "route")}`;
}

function end(at: LinkEndPlan): string {
  const ifindex = at.ifindex === undefined ? "" : ` ifindex ${at.ifindex}`;
  return `${formatEndpoint(at)} ${at.linkLocal}${ifindex}`;
}
