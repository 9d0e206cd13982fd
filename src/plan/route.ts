import type { NextHop, PathAttributes } from "../bgp/wire/message.ts";
import type { AsPath } from "./as-path.ts";
import type { GraphSession } from "./graph.ts";

/** A route to the prefix in question, as a router has it after its import policy. */
export interface Route {
  /** Of all that is passed on like it. */
  readonly sort: Sort;
  readonly path: AsPath;
  readonly nextHop: NextHop | undefined;
  /** Over which it was heard; undefined at an origin. */
  readonly over: GraphSession | undefined;
  /** What has become of it, by the place of the outlet: one route or none. */
  told?: (readonly Route[])[];
}

/** What routes have in common that are treated alike on their way to others, whatever their AS paths. */
export interface Sort {
  /** With no AS path. */
  readonly attributes: PathAttributes;
}

export function originated(sort: Sort): Route {
  return { sort, path: undefined, nextHop: undefined, over: undefined };
}
