import type { RouteAttributes } from "../bgp/control/route-detail.ts";
import type { Address } from "../net/address.ts";
import { attributeWords } from "./attribute-words.ts";
import { columns } from "./columns.ts";

/** A route before and after a policy. */
export interface Judged {
  readonly policy: string;
  readonly prefix: string;
  readonly before: RouteAttributes;
  /** As it was before; null for none. */
  readonly nextHop: Address | null;
  readonly verdict:
    | {
        readonly type: "accepted";
        readonly attributes: RouteAttributes;
        readonly nextHop: Address | null;
        readonly by: string;
      }
    | { readonly type: "rejected"; readonly by: string };
}

/** Which rule of a policy decided about a route, and what came out. */
export function policyLines(judged: Judged, { format }: { format: "table" | "json" }): string[] {
  if (format === "json") return [JSON.stringify(judged, undefined, 2)];
  const { prefix, verdict } = judged;
  const head = `${prefix} is ${verdict.type} by ${verdict.by}`;
  if (verdict.type === "rejected") return [head];
  return [
    head,
    ...changes(words(judged.before, judged.nextHop), words(verdict.attributes, verdict.nextHop)).map(
      (line) => `  ${line}`,
    ),
  ];
}

type Words = ReadonlyMap<string, string>;

function words(attributes: RouteAttributes, nextHop: Address | null): Words {
  const all = attributeWords(attributes);
  return new Map(nextHop === null ? all : [...all, ["next hop", nextHop]]);
}

/** What came out, with what it was where that is something else. */
function changes(old: Words, now: Words): string[] {
  const names = [...new Set([...now.keys(), ...old.keys()])];
  return columns(
    names.map((name) => {
      const [was, is] = [old.get(name), now.get(name)];
      return [name, is ?? "none", was === is ? "" : `was ${was ?? "none"}`];
    }),
  );
}
