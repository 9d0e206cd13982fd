import { element, type XmlElement, xmlLines } from "../src/report/xml.ts";

/** One line of a plot. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels. */
const size = { width: 760, height: 480, left: 70, right: 200, top: 40, bottom: 40 };

const colors = ["#d62828", "#f77f00", "#8ecae6", "#126782", "#40916c", "#6a4c93"];

/** A picture (SVG 1.1) of what grows with what, both axes logarithmic: a line as steep as the dashed ones grows in proportion. */
export function growthSvg(title: string, series: readonly Series[]): string[] {
  const { width, height } = size;
  const scale = scaleOf(series.flatMap(({ points }) => points));
  const root = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` };
  return xmlLines(
    element("svg", { ...root, "font-family": "sans-serif", "font-size": 12 }, [
      element("title", {}, title),
      element("rect", { width, height, fill: "white" }),
      text(title, { x: size.left, y: 20 }),
      ...grid(scale),
      ...proportional(scale),
      ...series.flatMap((each, index) => line(each, scale, index)),
    ]),
  ).slice(1);
}

interface Scale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Powers of ten that all lies between. */
  readonly decades: Readonly<Record<"x" | "y", readonly [from: number, to: number]>>;
}

function scaleOf(points: readonly Point[]): Scale {
  const range = (values: readonly number[]) =>
    [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))] as const;
  const decades = { x: range(points.map(({ x }) => x)), y: range(points.map(({ y }) => y)) };
  const place = (value: number, [from, to]: readonly [number, number]) =>
    (Math.log10(value) - from) / (to - from);
  const [across, up] = [size.width - size.left - size.right, size.height - size.top - size.bottom];
  return {
    x: (value) => round(size.left + across * place(value, decades.x)),
    y: (value) => round(size.height - size.bottom - up * place(value, decades.y)),
    decades,
  };
}

function grid({ x, y, decades }: Scale): XmlElement[] {
  const [right, bottom] = [size.width - size.right, size.height - size.bottom];
  const powers = ([from, to]: readonly [number, number]) =>
    Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
  return [
    ...powers(decades.x).flatMap((value) => [
      element("line", { x1: x(value), x2: x(value), y1: size.top, y2: bottom, stroke: "#dddddd" }),
      text(value.toLocaleString("en"), { x: x(value), y: bottom + 18, anchor: "middle" }),
    ]),
    ...powers(decades.y).flatMap((value) => [
      element("line", { x1: size.left, x2: right, y1: y(value), y2: y(value), stroke: "#dddddd" }),
      text(value.toLocaleString("en"), { x: size.left - 8, y: y(value) + 4, anchor: "end" }),
    ]),
    text("routers", { x: right, y: bottom + 34, anchor: "end" }),
  ];
}

/** What growing with the routers, and with the routes in a ring, looks like. */
function proportional({ x, y, decades }: Scale): XmlElement[] {
  const [from, to] = [10 ** decades.x[0], 10 ** decades.x[1]];
  const start = 10 ** decades.y[0];
  return [1, 2].flatMap((power) => {
    const end = Math.min(10 ** decades.y[1], start * (to / from) ** power);
    const at = from * (end / start) ** (1 / power);
    const ends = { x1: x(from), y1: y(start), x2: x(at), y2: y(end) };
    return [element("line", { ...ends, stroke: "#999999", "stroke-dasharray": "4 4" })];
  });
}

function line({ name, points }: Series, { x, y }: Scale, index: number): XmlElement[] {
  const color = colors[index % colors.length] ?? "black";
  const last = points.at(-1);
  const path = points.map((point) => `${x(point.x)},${y(point.y)}`).join(" ");
  return [
    element("polyline", { points: path, fill: "none", stroke: color, "stroke-width": 2 }),
    ...points.map((point) => element("circle", { cx: x(point.x), cy: y(point.y), r: 3, fill: color })),
    ...(last ? [text(name, { x: x(last.x) + 10, y: y(last.y) + 4, fill: color })] : []),
  ];
}

function text(
  content: string,
  { x, y, anchor = "start", fill = "black" }: { x: number; y: number; anchor?: string; fill?: string },
): XmlElement {
  return element("text", { x, y, "text-anchor": anchor, fill }, content);
}

const round = (value: number) => Math.round(value * 10) / 10;
