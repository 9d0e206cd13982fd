import { columns } from "../columns.ts";
import { type Milestone, milestones, type Passed, type Timeline } from "./timeline.ts";
import { timelineSvg } from "./timeline-svg.ts";

const heads: Readonly<Record<Milestone, string>> = {
  plumbing: "PLUMBED",
  discovery: "DISCOVERED",
  tcp: "TCP",
  open: "OPEN",
  established: "ESTABLISHED",
  firstRoute: "FIRST ROUTE",
  lastRoute: "LAST ROUTE",
};

/** A timeline as a table of milliseconds, as JSON, or as a picture. */
export function timelineLines(
  timeline: Timeline,
  { format }: { format: "table" | "json" | "svg" },
): string[] {
  switch (format) {
    case "json":
      return [JSON.stringify(timeline, undefined, 2)];
    case "svg":
      return timelineSvg(timeline);
    case "table":
      return table(timeline);
  }
}

function table({ lab, sessions, all }: Timeline): string[] {
  const rows = sessions.map(({ router, session, peer, passed }) => [
    router,
    session,
    peer.router,
    ...cells(passed),
  ]);
  return [
    ...columns([["ROUTER", "SESSION", "PEER", ...milestones.map((each) => heads[each])], ...rows]),
    "",
    `${lab}: ${summary(all)}`,
  ];
}

function cells(passed: Passed): string[] {
  return milestones.map((milestone) => (passed[milestone] === null ? "-" : `${passed[milestone]} ms`));
}

function summary({ established, lastRoute }: Passed): string {
  const last = lastRoute === null ? "" : `, the last route came after ${lastRoute} ms`;
  if (established === null) return "not all sessions have been Established";
  return `all sessions were Established after ${established} ms${last}`;
}
