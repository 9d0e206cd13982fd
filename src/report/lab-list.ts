import { columns } from "./columns.ts";

interface ListedLab {
  readonly name: string;
  readonly routers: readonly string[];
}

/** The labs of a machine. */
export function labListLines(labs: readonly ListedLab[], { format }: { format: "table" | "json" }): string[] {
  if (format === "json") return [JSON.stringify(labs, undefined, 2)];
  if (labs.length === 0) return ["no lab is running"];
  return columns([["LAB", "ROUTERS"], ...labs.map(({ name, routers }) => [name, String(routers.length)])]);
}
