import { TruncatedError } from "../../std/bytes.ts";
import { mergeFourOctetAttributes } from "./as4-path.ts";
import { attributeFlags, decodeAttributeList, encodeAttributeList, MalformedAttribute } from "./attribute.ts";
import { type AttributeRule, type AttributeValues, attributeRules } from "./attribute-rules.ts";
import {
  type AttributeError,
  type Encoding,
  type PathAttributes,
  type RawAttribute,
  WireError,
} from "./message.ts";

/** What the path attributes of one UPDATE say together. */
export interface DecodedAttributes extends Pick<AttributeValues, "nextHop" | "reach" | "unreach"> {
  readonly path: Partial<PathAttributes>;
  /** What was malformed, and yet did not end the session. */
  readonly errors: readonly AttributeError[];
  /** The codes of all attributes that came whole, whether or not they were kept. */
  readonly codes: readonly number[];
}

const { optional, transitive, partial } = attributeFlags;

/**
 * Reads the path attributes of an UPDATE (RFC 4271 §4.3, §5).
 *
 * @throws {WireError} 3/1, 3/2, 3/9 or 3/10 where RFC 7606 leaves nothing but to reset the session
 */
export function decodeAttributes(octets: Uint8Array, encoding: Encoding): DecodedAttributes {
  const list = decodeAttributeList(octets);
  const errors = [...list.errors];
  const unknown: RawAttribute[] = [];
  let values: AttributeValues = {};
  for (const attribute of list.attributes) {
    const result = readAttribute(attribute, encoding);
    errors.push(...result.errors);
    if (result.passOn) unknown.push(attribute);
    values = { ...values, ...result.values };
  }
  const { nextHop, reach, unreach, ...path } = mergeFourOctetAttributes(values);
  return {
    path: { ...path, ...(unknown.length > 0 && { unknown }) },
    ...(nextHop && { nextHop }),
    reach,
    unreach,
    errors,
    codes: list.attributes.map(({ code }) => code),
  };
}

interface Reading {
  readonly values?: AttributeValues;
  readonly errors: readonly AttributeError[];
  /** To be kept as it is, for other speakers. */
  readonly passOn?: boolean;
}

function readAttribute(attribute: RawAttribute, encoding: Encoding): Reading {
  const rule = attributeRules.get(attribute.code);
  if (rule === undefined) return readUnknown(attribute);
  const unwanted = rule.unwanted?.(encoding);
  if (unwanted !== undefined) return { errors: [errorOf(rule, "attributeDiscard", unwanted)] };
  const errors = flagsConflict(attribute, rule)
    ? [errorOf(rule, "treatAsWithdraw", `flags 0x${attribute.flags.toString(16)}`)]
    : [];
  try {
    // Read even behind wrong flags: the prefixes of MP_REACH_NLRI must be known in order to be withdrawn.
    const values = rule.read(attribute, encoding);
    return values ? { values, errors } : { errors, passOn: true };
  } catch (error) {
    if (!(error instanceof MalformedAttribute || error instanceof TruncatedError)) throw error;
    return { errors: [...errors, errorOf(rule, rule.approach, error.message)] };
  }
}

/** RFC 4271 §5 and §6.3, which RFC 7606 leaves as they are. */
function readUnknown(attribute: RawAttribute): Reading {
  if ((attribute.flags & optional) === 0) {
    const data = encodeAttributeList([attribute]);
    throw new WireError("unrecognizedWellKnownAttribute", `attribute ${attribute.code}`, data);
  }
  return { errors: [], passOn: (attribute.flags & transitive) !== 0 };
}

/** RFC 7606 §3 c; only what is optional and transitive can be partial (RFC 4271 §4.3). */
function flagsConflict({ flags }: RawAttribute, rule: AttributeRule): boolean {
  const mayBePartial = rule.flags === (optional | transitive);
  return (flags & (optional | transitive)) !== rule.flags || ((flags & partial) !== 0 && !mayBePartial);
}

function errorOf(rule: AttributeRule, approach: AttributeError["approach"], message: string): AttributeError {
  return { approach, attribute: rule.code, message: `${rule.name}: ${message}` };
}
