import { formatEndpoint } from "../net/endpoint.ts";
import type { Draft } from "./draft.ts";
import type { ResolvedWire } from "./links.ts";
import type { Place, Source } from "./source.ts";
import { locate, locateKey, type Tree } from "./tree.ts";

/** Where the file has each router and host, as `r1`, and each end of a link, as `r1:eth0`. */
export type Places = ReadonlyMap<string, Place>;

/** Looks up where all parts of a lab are written. */
export function placesOf(
  { source, tree }: { source: Source; tree: Tree },
  { routers, hosts }: Draft,
  wires: readonly ResolvedWire[],
): Places {
  const members = [...routers, ...hosts].map(
    ([name, { path }]) => [name, source.placeAt(locateKey(tree, path))] as const,
  );
  const ends = wires.flatMap(({ ends, draft }) =>
    ends.map((end, index) => {
      const path = [...draft.path, ...(draft.ends[index]?.path ?? [])];
      return [formatEndpoint(end), source.placeAt(locate(tree, path))] as const;
    }),
  );
  return new Map([...members, ...ends]);
}
