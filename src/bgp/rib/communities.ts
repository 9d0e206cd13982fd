import type { PathAttributes } from "../wire/message.ts";

/** Communities that a router obeys by itself (RFC 1997, 7999, 8326). */
export const wellKnown = {
  noExport: 0xffff_ff01,
  noAdvertise: 0xffff_ff02,
  noExportSubconfed: 0xffff_ff03,
  blackhole: 0xffff_029a,
  gracefulShutdown: 0xffff_0000,
} as const;

/** Whether a route has a community that a router obeys by itself. */
export function hasCommunity({ communities }: PathAttributes, name: keyof typeof wellKnown): boolean {
  return communities?.includes(wellKnown[name]) ?? false;
}

/** The same attributes with more communities, each once. */
export function withCommunities(attributes: PathAttributes, more: readonly number[]): PathAttributes {
  if (more.length === 0) return attributes;
  return { ...attributes, communities: [...new Set([...(attributes.communities ?? []), ...more])] };
}
