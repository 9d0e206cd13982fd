import type { RouteDetail } from "../bgp/control/route-detail.ts";
import { formatAsPath } from "../bgp/wire/as-path.ts";
import { attributeWords } from "./attribute-words.ts";
import { columns } from "./columns.ts";

/** What stands before a route, as in `birdc` and `gobgp`. */
const marks: Record<RouteDetail["state"], string> = {
  best: ">",
  used: "*",
  candidate: "",
  unusable: "!",
  told: "",
};

const head = ["", "PREFIX", "NEXT HOP", "VIA", "AS PATH", "WHY", "KERNEL"];

interface RouteFormat {
  readonly format: "table" | "json";
  /** All that is known of each route, not just a row. */
  readonly detailed: boolean;
}

/** Routes as they come, for people in the manner of `birdc show route` or for programs; columns are aligned part by part. */
export async function* routeLines(
  parts: AsyncIterable<readonly RouteDetail[]>,
  { format, detailed }: RouteFormat,
): AsyncGenerator<string> {
  let told = 0;
  if (format === "json") yield "[";
  for await (const routes of parts) {
    if (format === "json") yield* jsonLines(routes, told);
    else if (detailed) yield* routeBlocks(routes, told);
    else yield* routeRows(routes, told);
    told += routes.length;
  }
  if (format === "json") yield "]";
  else if (told === 0) yield "no routes";
}

/** An object a line; the comma is before all but the first, since nobody knows which is the last. */
function jsonLines(routes: readonly RouteDetail[], told: number): string[] {
  return routes.map((route, index) => `${told + index === 0 ? "  " : ", "}${JSON.stringify(route)}`);
}

function routeRows(routes: readonly RouteDetail[], told: number): string[] {
  if (routes.length === 0) return [];
  const lines = columns([head, ...routes.map(row)]);
  return told === 0 ? lines : lines.slice(1);
}

function row(route: RouteDetail): string[] {
  const { state, prefix, attributes, why, kernel } = route;
  return [
    marks[state],
    prefix,
    nextHopOf(route) ?? "-",
    route.peer?.ifname ?? "-",
    formatAsPath(attributes.asPath) || "-",
    `${why || "-"}${route.stale ? ", stale" : ""}`,
    kernel ?? "-",
  ];
}

/** In the manner of `birdc show route all`. */
function routeBlocks(routes: readonly RouteDetail[], told: number): string[] {
  return routes.flatMap((route, index) => [...(told + index === 0 ? [] : [""]), ...block(route)]);
}

const words: Record<RouteDetail["state"], string> = {
  best: "best",
  used: "used with the best",
  candidate: "not used",
  unusable: "unusable",
  told: "told",
};

function block(route: RouteDetail): string[] {
  const { state, prefix, peer, why, kernel, pathId, stale, nextHop, attributes } = route;
  const hops = [nextHop?.global, nextHop?.linkLocal].filter(
    (address) => address !== undefined && address !== null,
  );
  const rows: [string, string | null][] = [
    ["peer", peer && `AS ${peer.asn}, ${peer.address} on ${peer.ifname}`],
    ["next hop", hops.length === 0 ? null : hops.join(" and ")],
    ...attributeWords(attributes),
    ["path identifier", pathId === 0 ? null : String(pathId)],
    ["stale", stale ? "kept over a restart of its peer's" : null],
    ["kernel", kernel],
  ];
  const filled = rows.filter((row): row is [string, string] => row[1] !== null);
  const reason = why === "" ? "" : `: ${why}`;
  return [
    `${marks[state] || " "} ${prefix} ${words[state]}${reason}`,
    ...columns(filled).map((line) => `    ${line}`),
  ];
}

function nextHopOf({ nextHop }: RouteDetail): string | undefined {
  return nextHop?.linkLocal ?? nextHop?.global ?? undefined;
}
