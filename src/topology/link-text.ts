import { ifnameHint } from "../bgp/config/fields.ts";
import { quote } from "../bgp/config/message.ts";
import { isIfname } from "../net/endpoint.ts";
import { isName } from "./fields.ts";
import { isMultiple, isPattern } from "./router-names.ts";
import type { Span } from "./source.ts";
import type { Path } from "./tree.ts";

/** A link or several as written. */
export interface LinkText {
  /**
   * A chain joins neighbors: `r1 -- r2`, `r1:eth0 -- r2:eth3`, `leaf* -- spine*`, `r1 -- r2 -- r3 -- r1`; at least two ends.
   * A shared link joins all: `[r1, r2, "r3:eth5"]`.
   */
  readonly type: "chain" | "shared";
  readonly ends: readonly EndText[];
}

export interface EndText {
  /** A router's name, or a pattern that stands for several. */
  readonly router: string;
  /** Given out later if undefined. */
  readonly ifname: string | undefined;
  /** Where it stands in what is written of its link. */
  readonly path: Path;
}

/** Why a text is not a link, and where in it. */
export interface LinkProblem {
  readonly type: "problem";
  readonly span: Span;
  readonly message: string;
  readonly hint: string;
}

/** How a link is written. */
export const linkHint = "write a link as r1 -- r2, or as r1:eth0 -- r2:eth3";

/** How a shared link is written. */
export const sharedHint = "write a shared link as [r1, r2, r3], with a name or a pattern each";

/** So many problems of one link are told of. */
const maxProblems = 100;

/** Splits a link into its ends, whose routers may not exist; it is a link only without problems. */
export function parseLink(text: string): { ends: readonly EndText[]; problems: readonly LinkProblem[] } {
  const parts = partsOf(text);
  if (parts.length < 2) {
    const span = { start: 0, end: text.length };
    const message = `${quote(text)} is not a link`;
    return { ends: [], problems: [{ type: "problem", span, message, hint: linkHint }] };
  }
  const ends = parts.map((part) => parseEnd(part.text, part.start));
  return {
    ends: ends.flatMap((end) => ("type" in end ? [] : [end])),
    problems: ends.flatMap((end) => ("type" in end ? [end] : [])).slice(0, maxProblems),
  };
}

/** What stands between each `--` that stands alone. */
function partsOf(text: string): { text: string; start: number }[] {
  const ranges: { start: number; end: number }[] = [{ start: 0, end: 0 }];
  for (const { 0: token, index } of text.matchAll(/\S+/g)) {
    const end = index + token.length;
    const last = ranges.at(-1);
    if (token === "--" || last === undefined) ranges.push({ start: end + 1, end: end + 1 });
    else if (last.end === last.start) ranges[ranges.length - 1] = { start: index, end };
    else last.end = end;
  }
  return ranges.map(({ start, end }) => ({ text: text.slice(start, end), start }));
}

/** One end: `r1`, `leaf*` or `r1:eth0`. @param start where it begins */
export function parseEnd(text: string, start: number): EndText | LinkProblem {
  const colon = text.indexOf(":");
  const router = colon < 0 ? text : text.slice(0, colon);
  const ifname = colon < 0 ? undefined : text.slice(colon + 1);
  const span = { start, end: start + text.length };
  if (!(isMultiple(router) ? isPattern(router) : isName(router))) {
    return { type: "problem", span, message: `${quote(text)} is not the end of a link`, hint: linkHint };
  }
  if (ifname === undefined || isIfname(ifname)) return { router, ifname, path: [span] };
  const message = `${quote(ifname)} is not an interface name`;
  return { type: "problem", span: { start: start + colon + 1, end: span.end }, message, hint: ifnameHint };
}
