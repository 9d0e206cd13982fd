import { parseAddress } from "../../net/address.ts";
import { type Prefix, parsePrefix } from "../../net/prefix.ts";
import { type AsPathSegment, formatAsPath } from "../as-path.ts";
import { noTable, type Route } from "../route.ts";

/** An UPDATE in the words of ExaBGP's API, as far as it is read. */
export interface UpdateEvent {
  readonly neighbor?: {
    readonly message?: {
      readonly update?: {
        readonly attribute?: { readonly "as-path"?: readonly (number | readonly number[])[] };
        /** By family, then by next hop. */
        readonly announce?: Readonly<Record<string, Readonly<Record<string, readonly Nlri[]>>>>;
        /** By family. */
        readonly withdraw?: Readonly<Record<string, readonly Nlri[]>>;
      };
    };
  };
}

interface Nlri {
  readonly nlri?: string;
}

/** What the peer has told and not taken back. */
export type Learned = Map<Prefix, Omit<Route, "via" | "nextHops" | "session">>;

/** Changes that by what an UPDATE brings and takes. */
export function applyUpdate(learned: Learned, { neighbor }: UpdateEvent): void {
  const { attribute, announce = {}, withdraw = {} } = neighbor?.message?.update ?? {};
  for (const prefix of Object.values(withdraw).flat().flatMap(prefixOf)) learned.delete(prefix);
  const asPath = formatAsPath((attribute?.["as-path"] ?? []).map(segment));
  for (const [nextHop, nlri] of Object.values(announce).flatMap((family) => Object.entries(family))) {
    for (const prefix of nlri.flatMap(prefixOf)) {
      learned.set(prefix, {
        prefix,
        nextHop: parseAddress(nextHop) ?? null,
        asPath,
        decidedBy: "the only peer",
        kernel: noTable,
      });
    }
  }
}

function prefixOf({ nlri = "" }: Nlri): Prefix[] {
  const prefix = parsePrefix(nlri);
  return typeof prefix === "string" ? [prefix] : [];
}

function segment(part: number | readonly number[]): AsPathSegment {
  return typeof part === "number" ? { set: false, asns: [part] } : { set: true, asns: part };
}
