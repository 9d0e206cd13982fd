import { encodeAsPath } from "./as-path.ts";
import { as4PathFor } from "./as4-path.ts";
import { attributeFlags, attributeCodes as codes } from "./attribute.ts";
import { asnWidth } from "./attribute-rules.ts";
import { encodeAggregator, encodeOrigin, encodeUint32 } from "./attribute-values.ts";
import type { Encoding, PathAttributes, RawAttribute } from "./message.ts";

const { optional, transitive, partial } = attributeFlags;

/** The path attributes that all prefixes share, without next hop or NLRI. Those unknown to us become partial. */
export function encodeAttributes(attributes: PathAttributes, encoding: Encoding): RawAttribute[] {
  const { origin, asPath, med, localPref, communities } = attributes;
  const raw: RawAttribute[] = [
    { flags: transitive, code: codes.origin, value: encodeOrigin(origin) },
    { flags: transitive, code: codes.asPath, value: encodeAsPath(asPath, asnWidth(encoding)) },
    ...encodeAggregation(attributes, encoding),
    ...(attributes.unknown ?? []).map((attribute) => ({ ...attribute, flags: attribute.flags | partial })),
  ];
  if (med !== undefined) raw.push({ flags: optional, code: codes.med, value: encodeUint32(med) });
  if (localPref !== undefined) {
    raw.push({ flags: transitive, code: codes.localPref, value: encodeUint32(localPref) });
  }
  if (communities?.length) raw.push(optionalTransitive(codes.communities, encodeUint32(...communities)));
  const as4Path = encoding.fourOctetAsn ? undefined : as4PathFor(asPath);
  if (as4Path) raw.push(optionalTransitive(codes.as4Path, encodeAsPath(as4Path, 4)));
  return raw;
}

function encodeAggregation(attributes: PathAttributes, encoding: Encoding): RawAttribute[] {
  const raw: RawAttribute[] = [];
  if (attributes.atomicAggregate) {
    raw.push({ flags: transitive, code: codes.atomicAggregate, value: new Uint8Array() });
  }
  const { aggregator } = attributes;
  if (!aggregator) return raw;
  raw.push(optionalTransitive(codes.aggregator, encodeAggregator(aggregator, asnWidth(encoding))));
  if (!encoding.fourOctetAsn && aggregator.asn > 0xffff) {
    raw.push(optionalTransitive(codes.as4Aggregator, encodeAggregator(aggregator, 4)));
  }
  return raw;
}

function optionalTransitive(code: number, value: Uint8Array): RawAttribute {
  return { flags: optional | transitive, code, value };
}
