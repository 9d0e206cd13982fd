import type { Family } from "../../net/address.ts";
import { formatPrefix, type Prefix, prefixParts } from "../../net/prefix.ts";
import { ByteReader, ByteWriter } from "../../std/bytes.ts";
import { WireError } from "./message.ts";

/**
 * Reads prefixes to the end (RFC 4271 §4.3); host bits that a peer left set are cleared.
 *
 * @throws {WireError} 3/10 for a length out of range or an incomplete prefix (RFC 7606 §5.3)
 */
export function decodePrefixes(octets: Uint8Array, family: Family): Prefix[] {
  const reader = new ByteReader(octets);
  const prefixes: Prefix[] = [];
  while (reader.remaining > 0) prefixes.push(readPrefix(reader, family));
  return prefixes;
}

/** Encodes prefixes into as few fields of at most `limit` octets as their order allows. `limit` is at least 17. */
export function packPrefixes(prefixes: readonly Prefix[], limit: number): Uint8Array[] {
  const fields: Uint8Array[] = [];
  let field = new ByteWriter();
  for (const prefix of prefixes) {
    const octets = encodePrefix(prefix);
    if (field.length + octets.length > limit) {
      fields.push(field.finish());
      field = new ByteWriter();
    }
    field.bytes(octets);
  }
  return field.length > 0 ? [...fields, field.finish()] : fields;
}

function readPrefix(reader: ByteReader, family: Family): Prefix {
  const octets = new Uint8Array(family === 4 ? 4 : 16);
  const length = reader.u8();
  const used = Math.ceil(length / 8);
  if (used > octets.length) throw new WireError("invalidNetworkField", `prefix length ${length}`);
  if (used > reader.remaining) throw new WireError("invalidNetworkField", "the last prefix is incomplete");
  octets.set(reader.bytes(used));
  return formatPrefix(octets, length);
}

function encodePrefix(prefix: Prefix): Uint8Array {
  const { octets, length } = prefixParts(prefix);
  return Uint8Array.of(length, ...octets.subarray(0, Math.ceil(length / 8)));
}
