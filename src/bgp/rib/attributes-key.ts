import type { PathAttributes } from "../wire/message.ts";

/** A text that is the same for path attributes of the same value, and for no others. */
export function attributesKey(attributes: PathAttributes): string {
  const { origin, asPath, med, localPref, atomicAggregate, aggregator, communities, unknown } = attributes;
  return [
    origin,
    asPath.map(({ type, asns }) => `${type} ${asns.join(" ")}`).join(","),
    med,
    localPref,
    atomicAggregate ? "atomic" : "",
    aggregator ? `${aggregator.asn} ${aggregator.address}` : "",
    communities?.join(" "),
    unknown?.map(({ flags, code, value }) => `${code} ${flags} ${value.join(" ")}`).join(","),
  ].join("|");
}
