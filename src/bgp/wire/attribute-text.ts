import { formatAsPath } from "./as-path.ts";
import { formatCommunity, formatExtendedCommunity, formatLargeCommunity } from "./community-text.ts";
import type { PathAttributes } from "./message.ts";

/** Path attributes in words, one text each, such as `origin: igp`. */
export function describeAttributes(attributes: PathAttributes): string[] {
  const { origin, asPath, med, localPref, aggregator, originatorId, clusterList } = attributes;
  const texts: [name: string, value: string | number | undefined][] = [
    ["origin", origin],
    ["as_path", `[${formatAsPath(asPath)}]`],
    ["med", med],
    ["local_pref", localPref],
    ["atomic_aggregate", attributes.atomicAggregate ? "yes" : undefined],
    ["aggregator", aggregator && `${aggregator.asn} ${aggregator.address}`],
    ["communities", list(attributes.communities, formatCommunity)],
    ["originator_id", originatorId],
    ["cluster_list", list(clusterList, String)],
    ["extended_communities", list(attributes.extendedCommunities, formatExtendedCommunity)],
    ["large_communities", list(attributes.largeCommunities, formatLargeCommunity)],
    ["only_to_customer", attributes.onlyToCustomer],
    ["partial", list(attributes.partial, String)],
    ["unknown", list(attributes.unknown, ({ code, value }) => `${code} of ${value.length} octets`)],
  ];
  return texts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
}

/** More than that many are cut: an attribute may hold thousands. */
const MAX_ITEMS = 32;

function list<Item>(items: readonly Item[] | undefined, format: (item: Item) => string): string | undefined {
  if (items === undefined) return undefined;
  const rest = items.length - MAX_ITEMS;
  const shown = items.slice(0, MAX_ITEMS).map(format).join(", ");
  return rest > 0 ? `[${shown}, and ${rest} more]` : `[${shown}]`;
}
