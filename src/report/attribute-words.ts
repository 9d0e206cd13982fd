import type { RouteAttributes } from "../bgp/control/route-detail.ts";
import { formatAsPath } from "../bgp/wire/as-path.ts";
import {
  formatCommunity,
  formatExtendedCommunity,
  formatLargeCommunity,
} from "../bgp/wire/community-text.ts";

/** What a route says, each attribute by its name and in words, in the order of the RFCs; what it does not have is left out. */
export function attributeWords(attributes: RouteAttributes): [name: string, words: string][] {
  const { asPath, aggregator, communities, extendedCommunities, largeCommunities, unknown } = attributes;
  const rows: [string, string | number | undefined][] = [
    ["origin", attributes.origin],
    ["AS path", formatAsPath(asPath) || "empty"],
    ["MED", attributes.med],
    ["local preference", attributes.localPref],
    ["communities", communities?.map(formatCommunity).join(" ")],
    ["extended communities", extendedCommunities?.map(formatExtendedCommunity).join(" ")],
    ["large communities", largeCommunities?.map(formatLargeCommunity).join(" ")],
    ["only to customer", attributes.onlyToCustomer],
    ["atomic aggregate", attributes.atomicAggregate ? "yes" : undefined],
    ["aggregator", aggregator && `AS ${aggregator.asn}, ${aggregator.address}`],
    ["originator", attributes.originatorId],
    ["clusters", attributes.clusterList?.join(" ")],
    ["unknown", unknown?.map(({ code, value }) => `${code}: ${value === "" ? "empty" : value}`).join(", ")],
  ];
  return rows.flatMap(([name, words]) =>
    words === undefined || words === "" ? [] : [[name, String(words)]],
  );
}
