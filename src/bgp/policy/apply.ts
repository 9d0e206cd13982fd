import type { Asn } from "../../net/asn.ts";
import type { LargeCommunity, PathAttributes } from "../wire/message.ts";
import type { Changes, ListChange } from "./policy.ts";
import { prepend } from "./prepend.ts";

/** Attributes with the changes of a rule; the very same object if there are none. */
export function applyChanges(attributes: PathAttributes, changes: Changes, localAsn: Asn): PathAttributes {
  let changed = attributes;
  /** An attribute that becomes undefined is taken away. */
  const put = <Key extends keyof PathAttributes>(key: Key, value: PathAttributes[Key] | undefined) => {
    if (value === changed[key]) return;
    const { [key]: _, ...rest } = changed;
    changed = (value === undefined ? rest : { ...rest, [key]: value }) as PathAttributes;
  };
  const { origin, med, localPref, communities, extendedCommunities, largeCommunities } = changes;
  if (origin !== undefined) put("origin", origin);
  if (med !== undefined) put("med", med ?? undefined);
  if (localPref !== undefined) put("localPref", localPref ?? undefined);
  if (changes.prepend !== undefined) put("asPath", prepend(attributes.asPath, localAsn, changes.prepend));
  if (communities) put("communities", changeList(attributes.communities, communities, String));
  if (extendedCommunities) {
    put("extendedCommunities", changeList(attributes.extendedCommunities, extendedCommunities, String));
  }
  if (largeCommunities) {
    put("largeCommunities", changeList(attributes.largeCommunities, largeCommunities, largeKey));
  }
  return changed;
}

const largeKey = (community: LargeCommunity) => community.join(":");

/** The very same list if nothing changes; undefined for an empty one. */
function changeList<Item>(
  before: readonly Item[] | undefined,
  { set, delete: gone, add }: ListChange<Item>,
  keyOf: (item: Item) => string,
): readonly Item[] | undefined {
  const leaving = new Set(gone?.map(keyOf));
  const kept = (set ?? before ?? []).filter((item) => !leaving.has(keyOf(item)));
  const after = [...new Map([...kept, ...(add ?? [])].map((item) => [keyOf(item), item])).values()];
  if (after.length === 0) return undefined;
  const same =
    before?.length === after.length &&
    before.every((item, index) => keyOf(item) === keyOf(after[index] as Item));
  return same ? before : after;
}
