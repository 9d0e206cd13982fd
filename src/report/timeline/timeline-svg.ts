import { formatSessionEnd } from "../../net/session-name.ts";
import { element, type XmlElement, xmlLines } from "../xml.ts";
import { type Milestone, milestones, type Passed, type SessionTimeline, type Timeline } from "./timeline.ts";

/** Pixels. */
const size = { row: 18, bar: 12, names: 220, chart: 720, margin: 12, head: 48, tick: 8 };

/** What a session is busy with until it passes a milestone, and in which color. */
const phases: Readonly<Record<Milestone, readonly [name: string, color: string]>> = {
  plumbing: ["plumbing", "#b0b7c3"],
  discovery: ["discovery", "#8ecae6"],
  tcp: ["TCP", "#219ebc"],
  open: ["OPEN", "#126782"],
  established: ["to Established", "#fd9e02"],
  firstRoute: ["to the first route", "#95d5b2"],
  lastRoute: ["to the last route", "#40916c"],
};

/** A picture (SVG 1.1): a row a session, a color for what it was busy with, time from left to right. */
export function timelineSvg({ lab, sessions }: Timeline): string[] {
  const ends = sessions.flatMap(({ passed }) => milestones.flatMap((each) => passed[each] ?? []));
  const end = Math.max(1, ...ends);
  const x = (ms: number) => round(size.names + (Math.max(0, ms) / end) * size.chart);
  const width = size.names + size.chart + size.margin * 6;
  const height = size.head + sessions.length * size.row + size.row * 2;
  const rows = sessions.flatMap((session, index) => row(session, { x, y: size.head + index * size.row }));
  const root = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` };
  return xmlLines(
    element("svg", { ...root, "font-family": "sans-serif", "font-size": 11 }, [
      element("title", {}, `How ${lab} came up`),
      element("rect", { width, height, fill: "white" }),
      ...legend(),
      ...rows,
      ...axis({ end, x, y: size.head + sessions.length * size.row }),
    ]),
  ).slice(1);
}

interface Scale {
  readonly x: (ms: number) => number;
  readonly y: number;
}

function legend(): XmlElement[] {
  return milestones.flatMap((milestone, index) => {
    const left = size.margin + index * 130;
    const [name, fill] = phases[milestone];
    return [
      element("rect", { x: left, y: size.margin, width: size.bar, height: size.bar, fill }),
      text(name, { x: left + size.bar + 4, y: size.margin + size.bar - 2 }),
    ];
  });
}

function row({ router, session, peer, passed }: SessionTimeline, { x, y }: Scale): XmlElement[] {
  const name = `${formatSessionEnd({ router, session })} – ${peer.router}`;
  const bars = spans(passed).map(({ milestone, fromMs, toMs }) => {
    const [phase, fill] = phases[milestone];
    const place = { x: x(fromMs), y, width: round(x(toMs) - x(fromMs)), height: size.bar, fill };
    return element("rect", place, [element("title", {}, `${phase}: ${fromMs} to ${toMs} ms`)]);
  });
  return [text(name, { x: size.names - 8, y: y + size.bar - 2, anchor: "end" }), ...bars];
}

/** From each milestone that was passed to the next; one that was passed before the one that it follows has no span. */
function spans(passed: Passed): { milestone: Milestone; fromMs: number; toMs: number }[] {
  let fromMs = 0;
  return milestones.flatMap((milestone) => {
    const toMs = passed[milestone];
    if (toMs === null || toMs <= fromMs) return [];
    const span = { milestone, fromMs, toMs };
    fromMs = toMs;
    return [span];
  });
}

function axis({ end, x, y }: Scale & { end: number }): XmlElement[] {
  const magnitude = 10 ** Math.floor(Math.log10(end));
  const step =
    [1, 2, 5, 10].map((factor) => (factor * magnitude) / 5).find((one) => end / one <= size.tick) ?? end;
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
  return ticks.flatMap((ms) => [
    element("line", { x1: x(ms), x2: x(ms), y1: size.head - 6, y2: y, stroke: "#00000022" }),
    text(`${round(ms)} ms`, { x: x(ms), y: y + size.row - 4, anchor: "middle" }),
  ]);
}

function text(
  content: string,
  { x, y, anchor = "start" }: { x: number; y: number; anchor?: string },
): XmlElement {
  return element("text", { x, y, "text-anchor": anchor }, content);
}

const round = (value: number) => Math.round(value * 10) / 10;
