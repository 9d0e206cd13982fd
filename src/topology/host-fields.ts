import * as v from "valibot";
import { expected, quote, withHint } from "../bgp/config/message.ts";
import { reservedUse } from "../bgp/config/reserved.ts";
import { type Address, addressOctets, parseAddress } from "../net/address.ts";
import { firstHost, formatPrefix, type Prefix } from "../net/prefix.ts";

/** An address of a host, with the prefix that is on its link. */
export interface HostAddress {
  readonly address: Address;
  readonly prefix: Prefix;
}

const addressHint = "write it as 10.1.0.10/24 or 2001:db8:1::10/64";

/** A host's address and the length of the prefix on its link; the prefix's first address is for the router. */
export const hostAddressField = v.pipe(
  v.string(expected("an address with the length of its prefix", addressHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const parsed = parseHostAddress(value);
    if (typeof parsed === "object") return parsed;
    addIssue({ message: parsed });
    return NEVER;
  }),
);

function parseHostAddress(text: string): HostAddress | string {
  const [, host = "", digits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseAddress(host);
  if (address === undefined) return withHint(`${quote(text)} is not an address with its prefix`, addressHint);
  const octets = addressOctets(address);
  const length = Number(digits);
  const prefix = formatPrefix(octets, Math.min(length, 8 * octets.length));
  if (length > 8 * octets.length - 1) {
    return withHint(`${quote(text)} leaves no room for the router's address`, addressHint);
  }
  const use = reservedUse(formatPrefix(octets, 8 * octets.length)) ?? reservedUse(prefix);
  if (use !== undefined) return withHint(`${prefix} is ${use}`, "give the host a unicast address");
  const gateway = firstHost(prefix);
  if (address === gateway) {
    return withHint(
      `${address} is for the router, as the first address of ${prefix}`,
      "give the host another",
    );
  }
  const network = prefix.slice(0, prefix.lastIndexOf("/"));
  if (address === network) return withHint(`${address} is the prefix itself`, addressHint);
  return { address, prefix };
}
