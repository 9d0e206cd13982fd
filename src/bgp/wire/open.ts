import { routerIdFromNumber, routerIdToNumber } from "../../net/address.ts";
import { AS_TRANS, type Asn, isAsn } from "../../net/asn.ts";
import { ByteReader, ByteWriter, TruncatedError } from "../../std/bytes.ts";
import { readCapability, writeCapability } from "./capability.ts";
import { type Capability, type Open, WireError } from "./message.ts";

const VERSION = 4;
const CAPABILITIES = 2; // the only optional parameter still in use (RFC 5492 §4)
const EXTENDED = 255; // says that lengths have two octets (RFC 9072 §2)

/** Reads the octets behind the header. @throws {WireError} 2/x (RFC 4271 §6.2) */
export function decodeOpen(body: Uint8Array): Open {
  try {
    return readOpen(new ByteReader(body));
  } catch (error) {
    if (error instanceof TruncatedError) throw new WireError("malformedOpen", `OPEN: ${error.message}`);
    throw error;
  }
}

/**
 * Gives the octets behind the header: all capabilities in one optional parameter, in their order.
 *
 * @throws {RangeError} if a field does not fit
 */
export function encodeOpen(open: Open): Uint8Array {
  return new ByteWriter()
    .u8(VERSION)
    .u16(open.asn > 0xffff ? AS_TRANS : open.asn)
    .u16(open.holdTime)
    .u32(routerIdToNumber(open.routerId))
    .bytes(encodeParameters(open.capabilities))
    .finish();
}

function readOpen(reader: ByteReader): Open {
  const version = reader.u8();
  if (version !== VERSION) {
    throw new WireError("unsupportedVersion", `the peer speaks BGP-${version}`, Uint8Array.of(0, VERSION));
  }
  const shortAsn = reader.u16();
  const holdTime = reader.u16();
  if (holdTime === 1 || holdTime === 2) {
    throw new WireError("unacceptableHoldTime", `hold time ${holdTime} s`);
  }
  const id = reader.u32();
  if (id === 0) throw new WireError("badBgpIdentifier", "BGP identifier 0 (RFC 6286 §2.2)");
  const capabilities = readCapabilities(parametersOf(reader));
  return {
    type: "open",
    asn: peerAsn(shortAsn, capabilities),
    holdTime,
    routerId: routerIdFromNumber(id),
    capabilities,
  };
}

/** RFC 6793 §4.2.1 for the four-octet number, RFC 7607 §2 for 0 in either place. */
function peerAsn(shortAsn: number, capabilities: readonly Capability[]): Asn {
  const long = capabilities.find((capability) => capability.type === "fourOctetAsn");
  const asn = long?.asn ?? shortAsn;
  if (shortAsn === 0 || !isAsn(asn)) {
    throw new WireError("badPeerAs", `AS ${shortAsn === 0 ? 0 : asn} is reserved`);
  }
  return asn;
}

interface Parameters {
  readonly fields: ByteReader;
  /** Whether a parameter's length has two octets (RFC 9072). */
  readonly extended: boolean;
}

/** The extended form is told by the first parameter's type alone; the one-octet length then means nothing (RFC 9072 §2). */
function parametersOf(reader: ByteReader): Parameters {
  const length = reader.u8();
  const rest = reader.rest();
  const extended = length !== 0 && rest[0] === EXTENDED;
  const tail = new ByteReader(extended ? rest.subarray(1) : rest);
  const fields = tail.slice(extended ? tail.u16() : length);
  if (tail.remaining > 0)
    throw new WireError("malformedOpen", `${tail.remaining} octets behind the parameters`);
  return { fields, extended };
}

function readCapabilities({ fields, extended }: Parameters): Capability[] {
  const capabilities: Capability[] = [];
  while (fields.remaining > 0) {
    const type = fields.u8();
    const value = fields.slice(extended ? fields.u16() : fields.u8());
    if (type !== CAPABILITIES) {
      throw new WireError("unsupportedOptionalParameter", `optional parameter ${type}`);
    }
    while (value.remaining > 0) capabilities.push(readCapability(value));
  }
  return capabilities;
}

/** The classic form wherever it fits, as RFC 9072 §2 wants: not every peer reads the other. */
function encodeParameters(capabilities: readonly Capability[]): Uint8Array {
  const value = new ByteWriter();
  for (const capability of capabilities) writeCapability(value, capability);
  const octets = value.finish();
  const writer = new ByteWriter();
  if (octets.length === 0) return writer.u8(0).finish();
  if (octets.length + 2 < EXTENDED) {
    return writer.prefixed8((w) => w.u8(CAPABILITIES).prefixed8((v) => v.bytes(octets))).finish();
  }
  writer.u8(EXTENDED).u8(EXTENDED);
  return writer.prefixed16((w) => w.u8(CAPABILITIES).prefixed16((v) => v.bytes(octets))).finish();
}
