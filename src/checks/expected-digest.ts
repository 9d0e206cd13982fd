import { type Hash, hashPrefix, hashText, RouteDigest, wayText } from "../bgp/control/route-digest.ts";
import type { Prefix } from "../net/prefix.ts";
import type { ExpectedRoute } from "../plan/plan.ts";

/** Works out what digest a router's routes should have. What routers have in common is hashed once for all of them. */
export class ExpectedDigests {
  readonly #prefixes = new Map<Prefix, Hash>();
  readonly #ways = new Map<string, Hash>();

  of(routes: readonly ExpectedRoute[]): string {
    const digest = new RouteDigest();
    for (const route of routes) digest.add(this.#prefix(route.prefix), this.#way(wayOf(route)));
    return digest.toString();
  }

  #prefix(prefix: Prefix): Hash {
    let hash = this.#prefixes.get(prefix);
    if (!hash) {
      hash = hashPrefix(prefix);
      this.#prefixes.set(prefix, hash);
    }
    return hash;
  }

  #way(text: string): Hash {
    let hash = this.#ways.get(text);
    if (!hash) {
      hash = hashText(text);
      this.#ways.set(text, hash);
    }
    return hash;
  }
}

function wayOf({ via, also = [], drops = false }: ExpectedRoute): string {
  return wayText({ names: via === null ? [] : [via, ...also], drops, refused: false });
}
