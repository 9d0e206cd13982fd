import type { Family } from "../../net/address.ts";
import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import { emptyUpdate, type NextHop, type PathAttributes, type Update } from "../wire/message.ts";

/** That the first table of a family is complete (RFC 4724 §2). */
export function endOfRib(family: Family): Update {
  return { ...emptyUpdate, endOfRib: family };
}

/**
 * Collects what is to be told to one peer, and packs it into few UPDATEs, withdrawals first.
 *
 * Each UPDATE is of one family, because a message has room for one MP_REACH_NLRI only. It may be too long for one
 * message all the same: cutting it is the encoder's work. Attributes must be interned, and a prefix added only once.
 */
export class UpdateBatch {
  readonly #withdrawn: Record<Family, Prefix[]> = { 4: [], 6: [] };
  readonly #announced: Record<Family, Map<PathAttributes, Prefix[]>> = { 4: new Map(), 6: new Map() };

  withdraw(prefix: Prefix): void {
    this.#withdrawn[prefixFamily(prefix)].push(prefix);
  }

  announce(prefix: Prefix, attributes: PathAttributes): void {
    const groups = this.#announced[prefixFamily(prefix)];
    const group = groups.get(attributes);
    if (group) group.push(prefix);
    else groups.set(attributes, [prefix]);
  }

  updates(nextHopOf: (family: Family) => NextHop): Update[] {
    const families = [4, 6] as const;
    const withdrawals = families
      .map((family) => this.#withdrawn[family])
      .filter((withdrawn) => withdrawn.length > 0)
      .map((withdrawn): Update => ({ ...emptyUpdate, withdrawn }));
    const announcements = families
      .filter((family) => this.#announced[family].size > 0)
      .flatMap((family) => {
        const nextHop = nextHopOf(family);
        return Array.from(
          this.#announced[family],
          ([attributes, prefixes]): Update => ({
            ...emptyUpdate,
            announced: [{ nextHop, prefixes }],
            attributes,
          }),
        );
      });
    return [...withdrawals, ...announcements];
  }
}
