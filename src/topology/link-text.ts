import { ifnameHint } from "../bgp/config/fields.ts";
import { quote } from "../bgp/config/message.ts";
import { isIfname } from "../net/endpoint.ts";
import { isName } from "./fields.ts";
import type { Span } from "./source.ts";

/** A link as written: `r1 -- r2`, or `r1:eth0 -- r2:eth3`. */
export type LinkText = readonly [EndText, EndText];

export interface EndText {
  readonly router: string;
  /** Given out later if undefined. */
  readonly ifname: string | undefined;
  /** Where it stands in the text of its link. */
  readonly span: Span;
}

/** Why a text is not a link, and where in it. */
export interface LinkProblem {
  readonly type: "problem";
  readonly span: Span;
  readonly message: string;
  readonly hint: string;
}

const linkHint = "write a link as r1 -- r2, or as r1:eth0 -- r2:eth3";

/** Splits a link into its ends; their routers may not exist. */
export function parseLink(text: string): LinkText | LinkProblem {
  const whole = { start: 0, end: text.length };
  const parts = text.split(/(\s+--\s+)/);
  const [left, separator, right] = parts;
  if (left === undefined || separator === undefined || right === undefined) {
    return { type: "problem", span: whole, message: `${quote(text)} is not a link`, hint: linkHint };
  }
  if (parts.length > 3) {
    const message = "a link has two ends";
    return { type: "problem", span: whole, message, hint: "draw one link for each pair of routers" };
  }
  const first = parseEnd(left, 0);
  if ("type" in first) return first;
  const second = parseEnd(right, left.length + separator.length);
  return "type" in second ? second : [first, second];
}

function parseEnd(text: string, start: number): EndText | LinkProblem {
  const colon = text.indexOf(":");
  const router = colon < 0 ? text : text.slice(0, colon);
  const ifname = colon < 0 ? undefined : text.slice(colon + 1);
  const span = { start, end: start + text.length };
  if (!isName(router)) {
    return { type: "problem", span, message: `${quote(text)} is not the end of a link`, hint: linkHint };
  }
  if (ifname === undefined || isIfname(ifname)) return { router, ifname, span };
  const message = `${quote(ifname)} is not an interface name`;
  return { type: "problem", span: { start: start + colon + 1, end: span.end }, message, hint: ifnameHint };
}
