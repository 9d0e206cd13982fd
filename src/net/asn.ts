/** Autonomous system number, always four octets (RFC 6793). */
export type Asn = number & { readonly __brand: "Asn" };

/** Stands in the two-octet field for an ASN that does not fit there (RFC 6793 §9). */
export const AS_TRANS = 23456 as Asn;

/** 0 is reserved (RFC 7607), and so are 65535 and 4294967295 (RFC 7300). */
export function isAsn(value: number): value is Asn {
  return Number.isInteger(value) && value > 0 && value < 0xffff_ffff && value !== 0xffff;
}

/** @throws {RangeError} if no router may have this number */
export function asn(value: number): Asn {
  if (!isAsn(value)) throw new RangeError(`AS number ${value} is reserved or outside 1..4294967294`);
  return value;
}
