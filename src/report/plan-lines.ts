import type { Plan } from "../plan/plan.ts";
import { yamlLines } from "../std/yaml-text.ts";
import { count } from "./count.ts";
import type { PlanDescription } from "./plan-description.ts";
import { planTables } from "./plan-tables.ts";

interface Options {
  readonly format: "table" | "json" | "yaml";
  /** How many rows of each table to print; all unless given. JSON and YAML are always whole. */
  readonly rows?: number;
}

/** All that `up` would make. The same plan always gives the same lines. */
export function planLines(plan: PlanDescription, { format, rows }: Options): string[] {
  switch (format) {
    case "json":
      return [JSON.stringify(plan, undefined, 2)];
    case "yaml":
      return yamlLines(JSON.parse(JSON.stringify(plan)));
    case "table":
      return planTables(plan, rows === undefined ? {} : { rows });
  }
}

/** A plan in one line. */
export function planSummary({ lab, nodes, hosts, links, segments, expectation }: Plan): string {
  const { sessions, routes } = expectation;
  const behind = hosts.length === 0 ? "" : `, ${count(hosts.length, "host")}`;
  const size = `${count(nodes.length, "router")}${behind}, ${count(links.length + segments.length, "link")}`;
  return `${lab} is a valid topology: ${size}; expects ${count(sessions.length, "session")} and ${count(routes.length, "route")}`;
}
