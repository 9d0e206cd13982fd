import type { Address, Family } from "../../net/address.ts";
import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import type { PathAttributes, Update } from "../wire/message.ts";

const nothing: Update = {
  type: "update",
  withdrawn: [],
  announced: [],
  attributes: undefined,
  endOfRib: undefined,
  errors: [],
};

/** That the first table of a family is complete (RFC 4724 §2). */
export function endOfRib(family: Family): Update {
  return { ...nothing, endOfRib: family };
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

  /** @param linkLocal our address on the session, the next hop of all */
  updates(linkLocal: Address): Update[] {
    const families = [4, 6] as const;
    const withdrawals = families
      .map((family) => this.#withdrawn[family])
      .filter((withdrawn) => withdrawn.length > 0)
      .map((withdrawn): Update => ({ ...nothing, withdrawn }));
    const announcements = families
      .flatMap((family) => [...this.#announced[family]])
      .map(
        ([attributes, prefixes]): Update => ({
          ...nothing,
          announced: [{ nextHop: { linkLocal }, prefixes }],
          attributes,
        }),
      );
    return [...withdrawals, ...announcements];
  }
}
