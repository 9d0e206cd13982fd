import type { RouteDetail } from "../bgp/control/route-detail.ts";

/** A path that one end was told by the other, as far as both tell it of themselves. */
export interface Arrival {
  /** ASNs apart by spaces. */
  readonly asPath: string;
  /** How many communities it has. */
  readonly communities: number;
  /** As `65011:1:2`. */
  readonly large: readonly string[];
}

/** As one of our routers behind that end has it. */
export function arrivalOf({ attributes }: RouteDetail): Arrival {
  return {
    asPath: attributes.asPath.flatMap(({ asns }) => asns).join(" "),
    communities: attributes.communities?.length ?? 0,
    large: (attributes.largeCommunities ?? []).map((parts) => parts.join(":")),
  };
}

/** An UPDATE in the words of ExaBGP's API, as far as it is read. */
interface ExabgpEvent {
  readonly type?: string;
  readonly neighbor?: {
    readonly direction?: string;
    readonly message?: {
      readonly update?: {
        readonly attribute?: {
          readonly "as-path"?: readonly (number | readonly number[])[];
          readonly community?: readonly unknown[];
          readonly "large-community"?: readonly (readonly number[])[];
        };
        readonly announce?: Readonly<Record<string, Readonly<Record<string, readonly ExabgpNlri[]>>>>;
        readonly withdraw?: Readonly<Record<string, readonly ExabgpNlri[]>>;
      };
    };
  };
}

interface ExabgpNlri {
  readonly nlri?: string;
  readonly "path-information"?: string;
}

/**
 * All that ExaBGP has been told, out of its events, and not told to forget: it has nobody behind it.
 *
 * @param events a line of JSON each; the last one may be half there
 * @param about what the lines must have in them that are read, but for those that tell of the session
 */
export function exabgpArrivals(events: string, about = ""): Map<string, Map<string, Arrival>> {
  const paths = new Map<string, Map<string, Arrival>>();
  const lines = events.split("\n").filter((line) => line.includes(about) || line.includes('"state"'));
  for (const { type, neighbor } of lines.flatMap(parse)) {
    if (type === "state") paths.clear();
    const { attribute = {}, announce = {}, withdraw = {} } = neighbor?.message?.update ?? {};
    for (const each of Object.values(withdraw).flat()) paths.get(each.nlri ?? "")?.delete(idOf(each));
    const arrival = {
      asPath: (attribute["as-path"] ?? []).flat().join(" "),
      communities: attribute.community?.length ?? 0,
      large: (attribute["large-community"] ?? []).map((parts) => parts.join(":")),
    };
    for (const each of Object.values(announce).flatMap((family) => Object.values(family).flat())) {
      const prefix = each.nlri ?? "";
      paths.set(prefix, (paths.get(prefix) ?? new Map()).set(idOf(each), arrival));
    }
  }
  return paths;
}

const idOf = (each: ExabgpNlri) => each["path-information"] ?? "";

function parse(line: string): ExabgpEvent[] {
  try {
    return [JSON.parse(line) as ExabgpEvent];
  } catch {
    return [];
  }
}
