import { columns } from "./columns.ts";

interface ListedLab {
  readonly name: string;
  readonly routers: readonly string[];
  readonly hosts: readonly string[];
}

/** The labs of a machine. */
export function labListLines(labs: readonly ListedLab[], { format }: { format: "table" | "json" }): string[] {
  if (format === "json") return [JSON.stringify(labs, undefined, 2)];
  if (labs.length === 0) return ["no lab is running"];
  const rows = labs.map(({ name, routers, hosts }) => [name, `${routers.length}`, `${hosts.length}`]);
  return columns([["LAB", "ROUTERS", "HOSTS"], ...rows]);
}
