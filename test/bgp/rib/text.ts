import type { NextHop, Nlri, PathAttributes, Update } from "../../../src/bgp/wire/message.ts";
import type { Family } from "../../../src/net/address.ts";
import { formatPrefix, type Prefix, prefixFamily, prefixParts } from "../../../src/net/prefix.ts";

/** An UPDATE with its prefixes as text, for tests to write and to compare. */
export interface TextUpdate {
  readonly type: "update";
  readonly withdrawn: readonly PathText[];
  readonly announced: readonly { readonly nextHop: NextHop; readonly prefixes: readonly PathText[] }[];
  readonly attributes: PathAttributes | undefined;
  readonly endOfRib: Family | undefined;
  readonly errors: Update["errors"];
}

/** A prefix, with ` #` and a path identifier behind it if it has one (RFC 7911). */
export type PathText = Prefix;

export function pathText(prefix: Prefix, pathId: number): PathText {
  return `${prefix} #${pathId}` as Prefix;
}

/** The prefix and the path identifier; 0 without. */
export function pathParts(text: PathText): { readonly prefix: Prefix; readonly pathId: number } {
  const [prefix, id] = text.split(" #");
  return { prefix: prefix as Prefix, pathId: Number(id ?? 0) };
}

/** As a decoder gives it. */
export function asUpdate({ withdrawn, announced, ...others }: TextUpdate): Update {
  return {
    ...others,
    withdrawn: asNlri(withdrawn),
    announced: announced.flatMap(({ nextHop, prefixes }) =>
      asNlri(prefixes).map((nlri) => ({ nextHop, nlri })),
    ),
  };
}

/** @param own what the peer puts in for a next hop that is left out */
export function asText({ withdrawn, announced, ...others }: Update, own: NextHop): TextUpdate {
  return {
    ...others,
    withdrawn: withdrawn.flatMap(pathsOf),
    announced: announced.map(({ nextHop, nlri }) => ({
      nextHop: nextHop.global === undefined && nextHop.linkLocal === undefined ? own : nextHop,
      prefixes: pathsOf(nlri),
    })),
  };
}

function asNlri(texts: readonly PathText[]): Nlri[] {
  const kinds = ([4, 6] as const).flatMap((family) => [
    { family, addPath: false },
    { family, addPath: true },
  ]);
  return kinds.flatMap((kind) => {
    const octets = texts
      .filter((text) => prefixFamily(text) === kind.family && text.includes("#") === kind.addPath)
      .flatMap((text) => pathOctets(text, kind.addPath));
    return octets.length === 0 ? [] : [{ ...kind, octets: Uint8Array.from(octets) }];
  });
}

function pathOctets(text: PathText, addPath: boolean): number[] {
  const { prefix, pathId } = pathParts(text);
  const { octets, length } = prefixParts(prefix);
  const id = addPath ? [pathId >>> 24, (pathId >>> 16) & 255, (pathId >>> 8) & 255, pathId & 255] : [];
  return [...id, length, ...octets.subarray(0, Math.ceil(length / 8))];
}

function pathsOf({ family, addPath, octets }: Nlri): PathText[] {
  const found: PathText[] = [];
  for (let at = 0; at < octets.length; ) {
    const pathId = addPath ? new DataView(octets.buffer, octets.byteOffset + at).getUint32(0) : 0;
    if (addPath) at += 4;
    const length = octets[at++] as number;
    const network = new Uint8Array(family === 4 ? 4 : 16);
    network.set(octets.subarray(at, at + Math.ceil(length / 8)));
    at += Math.ceil(length / 8);
    const prefix = formatPrefix(network, length);
    found.push(addPath ? pathText(prefix, pathId) : prefix);
  }
  return found;
}
