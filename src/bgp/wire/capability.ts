import { ByteReader, type ByteWriter } from "../../std/bytes.ts";
import { unreachable } from "../../std/errors.ts";
import {
  type AddPath,
  type Capability,
  type ExtendedNextHop,
  type GracefulRestart,
  WireError,
} from "./message.ts";

const MULTIPROTOCOL = 1;
const ROUTE_REFRESH = 2;
const EXTENDED_NEXT_HOP = 5;
const EXTENDED_MESSAGE = 6;
const ROLE = 9;
const GRACEFUL_RESTART = 64;
const FOUR_OCTET_ASN = 65;
const ADD_PATH = 69;
const ENHANCED_ROUTE_REFRESH = 70;
const FQDN = 73;

/** Bits of the graceful restart capability (RFC 4724 §3, RFC 8538 §2). */
const RESTARTING = 0x8000;
const NOTIFICATION = 0x4000;
const FORWARDING = 0x80;

/**
 * Reads code, length and value (RFC 5492 §4).
 *
 * @throws {TruncatedError} if a field overruns
 * @throws {WireError} 2/0 if a capability that we know is longer than it may be (RFC 4271 §6.2, "recognized, but malformed")
 */
export function readCapability(reader: ByteReader): Capability {
  const code = reader.u8();
  const value = reader.bytes(reader.u8());
  const fields = new ByteReader(value);
  const capability = readKnown(code, fields);
  if (capability === undefined) return { type: "unknown", code, value };
  if (fields.remaining > 0) {
    throw new WireError("malformedOpen", `capability ${code} of ${value.length} octets`);
  }
  return capability;
}

export function writeCapability(writer: ByteWriter, capability: Capability): void {
  const { code, value } = codeAndValue(capability);
  writer.u8(code).prefixed8(value);
}

function readKnown(code: number, fields: ByteReader): Capability | undefined {
  switch (code) {
    case MULTIPROTOCOL: {
      const afi = fields.u16();
      fields.u8(); // reserved
      return { type: "multiprotocol", afi, safi: fields.u8() };
    }
    case ROUTE_REFRESH:
      return { type: "routeRefresh" };
    case EXTENDED_NEXT_HOP:
      return { type: "extendedNextHop", entries: readEntries(fields) };
    case EXTENDED_MESSAGE:
      return { type: "extendedMessage" };
    case ROLE:
      return { type: "role", role: fields.u8() };
    case FOUR_OCTET_ASN:
      return { type: "fourOctetAsn", asn: fields.u32() };
    case GRACEFUL_RESTART:
      return { type: "gracefulRestart", ...readGracefulRestart(fields) };
    case ADD_PATH:
      return readAddPath(fields);
    case ENHANCED_ROUTE_REFRESH:
      return { type: "enhancedRouteRefresh" };
    case FQDN:
      return readFqdn(fields);
    default:
      return undefined;
  }
}

/** Two names of UTF-8, each behind its length. A name is only for people, so that a malformed one is left undecoded. */
function readFqdn(fields: ByteReader): Capability | undefined {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    const hostname = utf8.decode(fields.bytes(fields.u8()));
    const domain = utf8.decode(fields.bytes(fields.u8()));
    return fields.remaining > 0 ? undefined : { type: "fqdn", hostname, domain };
  } catch {
    return undefined;
  }
}

function readGracefulRestart(fields: ByteReader): GracefulRestart {
  const head = fields.u16();
  const families: GracefulRestart["families"][number][] = [];
  while (fields.remaining > 0) {
    families.push({ afi: fields.u16(), safi: fields.u8(), forwarding: (fields.u8() & FORWARDING) !== 0 });
  }
  return {
    restarting: (head & RESTARTING) !== 0,
    notification: (head & NOTIFICATION) !== 0,
    restartTime: head & 0xfff,
    families,
  };
}

/** Any mode but 1, 2 and 3 makes the capability one that is not understood (RFC 7911 §4). */
function readAddPath(fields: ByteReader): Capability | undefined {
  const entries: AddPath[] = [];
  while (fields.remaining > 0) entries.push({ afi: fields.u16(), safi: fields.u8(), mode: fields.u8() });
  if (entries.some(({ mode }) => mode < 1 || mode > 3)) return undefined;
  return { type: "addPath", entries };
}

/** Two octets for the SAFI, too, unlike everywhere else (RFC 8950 §4). */
function readEntries(fields: ByteReader): ExtendedNextHop[] {
  const entries: ExtendedNextHop[] = [];
  while (fields.remaining > 0) {
    entries.push({ afi: fields.u16(), safi: fields.u16(), nextHopAfi: fields.u16() });
  }
  return entries;
}

function codeAndValue(capability: Capability): { code: number; value: (writer: ByteWriter) => void } {
  switch (capability.type) {
    case "multiprotocol":
      return { code: MULTIPROTOCOL, value: (w) => w.u16(capability.afi).u8(0).u8(capability.safi) };
    case "routeRefresh":
      return { code: ROUTE_REFRESH, value: () => {} };
    case "extendedNextHop":
      return {
        code: EXTENDED_NEXT_HOP,
        value: (w) => {
          for (const { afi, safi, nextHopAfi } of capability.entries) w.u16(afi).u16(safi).u16(nextHopAfi);
        },
      };
    case "extendedMessage":
      return { code: EXTENDED_MESSAGE, value: () => {} };
    case "role":
      return { code: ROLE, value: (w) => w.u8(capability.role) };
    case "enhancedRouteRefresh":
      return { code: ENHANCED_ROUTE_REFRESH, value: () => {} };
    case "fqdn":
      return { code: FQDN, value: (w) => writeFqdn(w, capability) };
    case "fourOctetAsn":
      return { code: FOUR_OCTET_ASN, value: (w) => w.u32(capability.asn) };
    case "gracefulRestart":
      return { code: GRACEFUL_RESTART, value: (w) => writeGracefulRestart(w, capability) };
    case "addPath":
      return {
        code: ADD_PATH,
        value: (w) => {
          for (const { afi, safi, mode } of capability.entries) w.u16(afi).u8(safi).u8(mode);
        },
      };
    case "unknown":
      return { code: capability.code, value: (w) => w.bytes(capability.value) };
    default:
      return unreachable(capability);
  }
}

function writeFqdn(writer: ByteWriter, names: { hostname: string; domain: string }): void {
  const utf8 = new TextEncoder();
  for (const name of [names.hostname, names.domain]) writer.prefixed8((w) => w.bytes(utf8.encode(name)));
}

function writeGracefulRestart(writer: ByteWriter, restart: GracefulRestart): void {
  const flags = (restart.restarting ? RESTARTING : 0) | (restart.notification ? NOTIFICATION : 0);
  writer.u16(flags | (restart.restartTime & 0xfff));
  for (const { afi, safi, forwarding } of restart.families) {
    writer
      .u16(afi)
      .u8(safi)
      .u8(forwarding ? FORWARDING : 0);
  }
}
