import { u16At } from "../../std/bytes.ts";
import { mergeFourOctetAttributes } from "./as4-path.ts";
import {
  type AttributeField,
  attributeCodes,
  attributeFlags,
  encodeAttribute,
  rawAttribute,
} from "./attribute.ts";
import { type AttributeRule, attributeRules } from "./attribute-rules.ts";
import { type AttributeValues, noValues } from "./decoded-values.ts";
import { type AttributeError, type Encoding, type PathAttributes, WireError } from "./message.ts";
import { SeenCodes } from "./seen-codes.ts";

/** What the path attributes of one UPDATE say together. */
export interface DecodedAttributes {
  readonly values: AttributeValues;
  /** What was malformed, and yet did not end the session; undefined if nothing was. */
  errors: AttributeError[] | undefined;
  /** How many attributes came whole, each code once, whether or not they were kept. */
  count: number;
  /** Whether MP_REACH_NLRI was among these, of whatever family. */
  hasReach: boolean;
  hasUnreach: boolean;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const { optional, transitive, partial, extendedLength } = attributeFlags;
const { mpReach, mpUnreach } = attributeCodes;

/** Whose Partial bit is told on with them: those that we look into and pass on. */
const keepPartial: readonly number[] = [
  attributeCodes.aggregator,
  attributeCodes.communities,
  attributeCodes.extendedCommunities,
  attributeCodes.largeCommunities,
  attributeCodes.onlyToCustomer,
];

/**
 * Reads the path attributes of an UPDATE, from `start` to `end` of the message, up to the first that overruns them, each
 * code once (RFC 4271 §4.3, §5).
 *
 * @throws {WireError} 3/1, 3/2, 3/9 or 3/10 where RFC 7606 leaves nothing but to reset the session
 */
export function decodeAttributes(
  octets: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  encoding: Encoding,
): DecodedAttributes {
  const decoded = nothingDecoded();
  const field: AttributeField = { octets, flags: 0, code: 0, start, end: start };
  const seen = new SeenCodes();
  while (field.end < end) {
    const overrun = moveOn(field, end);
    if (overrun !== undefined) {
      note(decoded, overrun);
      break;
    }
    if (seen.add(field.code)) readAttribute(field, decoded, encoding);
    else note(decoded, duplicate(field.code));
  }
  if (!encoding.fourOctetAsn) mergeFourOctetAttributes(decoded.values);
  return decoded;
}

/** The attributes that all announced prefixes share. @returns undefined without ORIGIN or AS_PATH */
export function pathAttributesOf(values: AttributeValues): PathAttributes | undefined {
  const { origin, asPath } = values;
  if (origin === undefined || asPath === undefined) return undefined;
  // Always in the same order, so that attributes with the same fields have the same shape to the engine.
  const path: Writable<PathAttributes> = { origin, asPath };
  if (values.med !== undefined) path.med = values.med;
  if (values.localPref !== undefined) path.localPref = values.localPref;
  if (values.atomicAggregate) path.atomicAggregate = true;
  if (values.aggregator !== undefined) path.aggregator = values.aggregator;
  if (values.communities !== undefined) path.communities = values.communities;
  if (values.originatorId !== undefined) path.originatorId = values.originatorId;
  if (values.clusterList !== undefined) path.clusterList = values.clusterList;
  if (values.extendedCommunities !== undefined) path.extendedCommunities = values.extendedCommunities;
  if (values.largeCommunities !== undefined) path.largeCommunities = values.largeCommunities;
  if (values.onlyToCustomer !== undefined) path.onlyToCustomer = values.onlyToCustomer;
  if (values.partial !== undefined) path.partial = values.partial.sort((a, b) => a - b);
  if (values.unknown !== undefined) path.unknown = values.unknown;
  return path;
}

/** Moves to the attribute behind the one that `field` is at. @returns the error if it overruns `end` */
function moveOn(field: AttributeField, end: number): AttributeError | undefined {
  const { octets, end: at } = field;
  if (end - at < 2) return overrun(0);
  const flags = octets[at] ?? 0;
  const code = octets[at + 1] ?? 0;
  const extended = (flags & extendedLength) !== 0;
  const start = at + (extended ? 4 : 3);
  if (start > end) return overrun(code);
  const length = extended ? u16At(octets, at + 2) : (octets[at + 2] ?? 0);
  if (start + length > end) return overrun(code);
  field.flags = flags & (optional | transitive | partial);
  field.code = code;
  field.start = start;
  field.end = start + length;
  return undefined;
}

function readAttribute(field: AttributeField, decoded: DecodedAttributes, encoding: Encoding): void {
  const { code, flags } = field;
  decoded.count++;
  if (code === mpReach) decoded.hasReach = true;
  if (code === mpUnreach) decoded.hasUnreach = true;
  const rule = attributeRules[code];
  if (rule === undefined) return readUnknown(field, decoded.values);
  const unwanted = rule.unwanted?.(encoding);
  if (unwanted !== undefined) return note(decoded, errorOf(rule, "attributeDiscard", unwanted));
  if (flagsConflict(flags, rule)) {
    note(decoded, errorOf(rule, "treatAsWithdraw", `flags 0x${flags.toString(16)}`));
  }
  // Read even behind wrong flags: the prefixes of MP_REACH_NLRI must be known in order to be withdrawn.
  const wrong = rule.read(field, decoded.values, encoding);
  if (wrong !== undefined) return note(decoded, errorOf(rule, rule.approach, wrong));
  if ((flags & partial) !== 0 && keepPartial.includes(code)) {
    decoded.values.partial ??= [];
    decoded.values.partial.push(code);
  }
}

/** RFC 4271 §5 and §6.3, which RFC 7606 leaves as they are. */
function readUnknown(field: AttributeField, values: AttributeValues): void {
  if ((field.flags & optional) === 0) {
    const data = encodeAttribute(rawAttribute(field));
    throw new WireError("unrecognizedWellKnownAttribute", `attribute ${field.code}`, data);
  }
  // AIGP is for sessions where the operator wants it, and there are none (RFC 7311 §3.3).
  if ((field.flags & transitive) === 0 || field.code === attributeCodes.aigp) return;
  values.unknown ??= [];
  values.unknown.push(rawAttribute(field));
}

/** RFC 7606 §3 c; only what is optional and transitive can be partial (RFC 4271 §4.3). */
function flagsConflict(flags: number, rule: AttributeRule): boolean {
  const mayBePartial = rule.flags === (optional | transitive);
  return (flags & (optional | transitive)) !== rule.flags || ((flags & partial) !== 0 && !mayBePartial);
}

/** RFC 7606 §4; but prefixes that are cut off cannot be withdrawn (§3 j). */
function overrun(code: number): AttributeError {
  const message = `attribute ${code} overruns the path attributes`;
  if (code === mpReach || code === mpUnreach) throw new WireError("malformedAttributeList", message);
  return { approach: "treatAsWithdraw", attribute: code, message };
}

/** RFC 7606 §3 g. */
function duplicate(code: number): AttributeError {
  if (code === mpReach || code === mpUnreach) {
    throw new WireError("malformedAttributeList", `attribute ${code} comes twice`);
  }
  return { approach: "attributeDiscard", attribute: code, message: "comes again; the first counts" };
}

function errorOf(rule: AttributeRule, approach: AttributeError["approach"], message: string): AttributeError {
  return { approach, attribute: rule.code, message: `${rule.name}: ${message}` };
}

/** Adds an error. */
export function note(decoded: Pick<DecodedAttributes, "errors">, error: AttributeError): void {
  decoded.errors ??= [];
  decoded.errors.push(error);
}

function nothingDecoded(): DecodedAttributes {
  return {
    values: noValues(),
    errors: undefined,
    count: 0,
    hasReach: false,
    hasUnreach: false,
  };
}
