import { type Address, type Family, isLinkLocal } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import type { NextHop, PathAttributes, Update } from "../wire/message.ts";
import type { AttributePool } from "./attribute-pool.ts";
import { isExternal, type Local } from "./local.ts";
import type { Peer, PeerPolicy, Route } from "./route.ts";

/**
 * What one peer told us (RFC 4271 §3.2). Of routes that may not be used only the prefix is kept: they count as
 * received, and are seen nowhere else.
 */
export class AdjRibIn {
  readonly #peer: Peer;
  #policy: PeerPolicy | undefined;
  readonly #local: Local;
  readonly #pool: AttributePool;
  readonly #routes = new Map<Prefix, Route>();
  readonly #unusable = new Set<Prefix>();
  /** Not told again since the refresh of their family began. */
  readonly #stale = new Set<Prefix>();
  /** Whose first table is complete. */
  readonly #complete = new Set<Family>();

  constructor(peer: Peer, context: { local: Local; pool: AttributePool }) {
    this.#peer = peer;
    this.#policy = peer.policy;
    this.#local = context.local;
    this.#pool = context.pool;
  }

  /** How many prefixes the peer announces now. */
  get received(): number {
    return this.#routes.size + this.#unusable.size;
  }

  /** How many of them have a route that the decision process may choose. */
  get accepted(): number {
    return this.#routes.size;
  }

  /** The usable route to a prefix. */
  get(prefix: Prefix): Route | undefined {
    return this.#routes.get(prefix);
  }

  /** Those with a usable route. */
  prefixes(): Iterable<Prefix> {
    return this.#routes.keys();
  }

  /** From now on this is done to what the peer tells; what it has told stays as it is. */
  setPolicy(policy: PeerPolicy): void {
    this.#policy = policy;
  }

  /** Takes in an UPDATE. A prefix both withdrawn and announced is announced (RFC 4271 §4.3). */
  apply({ withdrawn, announced, attributes, endOfRib }: Update): void {
    if (endOfRib !== undefined) this.#complete.add(endOfRib);
    for (const prefix of withdrawn) this.#remove(prefix);
    if (!attributes) return;
    const external = isExternal(this.#peer, this.#local);
    const imported = this.#pool.intern(importAttributes(attributes, { external, policy: this.#policy }));
    const foreign = external && this.#policy?.enforceFirstAs && !beginsWith(imported, this.#peer.asn);
    const usable = !hasLoop(imported, this.#local) && !foreign;
    for (const { nextHop, prefixes } of announced) {
      const reachable = usable && isReachable(nextHop, this.#peer);
      for (const prefix of prefixes) {
        // Whatever the new path is worth, it takes the place of the old one (RFC 4271 §3.1).
        this.#remove(prefix);
        if (reachable && this.#isWanted(prefix)) {
          this.#routes.set(prefix, { prefix, attributes: imported, nextHop, peer: this.#peer });
        } else {
          this.#unusable.add(prefix);
        }
      }
    }
  }

  /**
   * The peer is about to tell all of a family again (RFC 7313 §4). One within another starts over. A peer that is able
   * to restart gracefully must not do so before the first table is complete; if it does, that means nothing.
   */
  beginRefresh(family: Family): void {
    if (this.#peer.gracefulRestart && !this.#complete.has(family)) return;
    for (const prefix of [...this.#routes.keys(), ...this.#unusable]) {
      if (prefixFamily(prefix) === family) this.#stale.add(prefix);
    }
  }

  /** Removes what the peer did not tell again, and says which that was; nothing if no refresh has begun. */
  endRefresh(family: Family): Prefix[] {
    const gone = [...this.#stale].filter((prefix) => prefixFamily(prefix) === family);
    for (const prefix of gone) this.#remove(prefix);
    return gone;
  }

  #remove(prefix: Prefix): void {
    this.#stale.delete(prefix);
    this.#routes.delete(prefix);
    this.#unusable.delete(prefix);
  }

  #isWanted(prefix: Prefix): boolean {
    const allowed = this.#policy?.importPrefixes?.has(prefix) ?? true;
    return allowed && this.#peer.families.includes(prefixFamily(prefix)) && isForwardable(prefix);
  }
}

interface Origin {
  readonly external: boolean;
  readonly policy: PeerPolicy | undefined;
}

/** LOCAL_PREF from another AS is ignored (RFC 4271 §5.1.5); our policy for the peer goes over any. */
function importAttributes(attributes: PathAttributes, { external, policy }: Origin): PathAttributes {
  const { localPref: told, ...rest } = attributes;
  const localPref = policy?.localPref ?? (external ? undefined : told);
  return localPref === undefined ? rest : { ...rest, localPref };
}

/** Whether the neighbor AS is the first on the path (RFC 4271 §6.3). */
function beginsWith({ asPath: [first] }: PathAttributes, asn: Asn): boolean {
  return first?.type === "sequence" && first.asns[0] === asn;
}

/** RFC 4271 §9.1.2. */
function hasLoop({ asPath }: PathAttributes, { asn }: Local): boolean {
  return asPath.some(({ asns }) => asns.includes(asn));
}

/**
 * An unnumbered link reaches link-local addresses only, so a next hop without one (RFC 2545 §3, RFC 8950 §3) leads
 * nowhere; nor does one that is our own (RFC 4271 §5.1.3).
 */
function isReachable({ linkLocal }: NextHop, peer: Peer): boolean {
  return linkLocal !== undefined && isLinkLocal(linkLocal) && linkLocal !== peer.localAddress;
}

/** Multicast and link-local prefixes are no destinations to route (RFC 4271 §6.3: to be ignored). */
function isForwardable(prefix: Prefix): boolean {
  return !/^(22[4-9]|23\d)\.|^ff[0-9a-f]{2}:/.test(prefix) && !isLinkLocal(prefix as string as Address);
}
