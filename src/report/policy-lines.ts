import type { RouteAttributes } from "../bgp/control/route-detail.ts";
import { attributeWords } from "./attribute-words.ts";
import { columns } from "./columns.ts";

/** A route before and after a policy. */
export interface Judged {
  readonly policy: string;
  readonly prefix: string;
  readonly before: RouteAttributes;
  readonly verdict:
    | { readonly type: "accepted"; readonly attributes: RouteAttributes; readonly by: string }
    | { readonly type: "rejected"; readonly by: string };
}

/** Which rule of a policy decided about a route, and what came out. */
export function policyLines(judged: Judged, { format }: { format: "table" | "json" }): string[] {
  if (format === "json") return [JSON.stringify(judged, undefined, 2)];
  const { prefix, before, verdict } = judged;
  const head = `${prefix} is ${verdict.type} by ${verdict.by}`;
  if (verdict.type === "rejected") return [head];
  return [head, ...changes(before, verdict.attributes).map((line) => `  ${line}`)];
}

/** Attributes as they come out, with what they were where that is something else. */
function changes(before: RouteAttributes, after: RouteAttributes): string[] {
  const [old, now] = [new Map(attributeWords(before)), new Map(attributeWords(after))];
  const names = [...new Set([...now.keys(), ...old.keys()])];
  return columns(
    names.map((name) => {
      const [was, is] = [old.get(name), now.get(name)];
      return [name, is ?? "none", was === is ? "" : `was ${was ?? "none"}`];
    }),
  );
}
