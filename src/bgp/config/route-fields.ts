import * as v from "valibot";
import { type Address, familyOf, isLinkLocal, parseAddress } from "../../net/address.ts";
import { closed } from "./closed.ts";
import type { NextHops } from "./config.ts";
import { linkLocalField, prefixField } from "./fields.ts";
import { expected, quote, withHint } from "./message.ts";

const listHint = "write it as [10.0.1.0/24], or [] to let nothing through";

const nextHopHint = 'write it as "fe80::1" or "2001:db8::1"';

/** An address that a next hop on a link may have: IPv6, whatever the family of the prefix is (RFC 8950). */
export const nextHopField = v.pipe(
  v.string(expected("an IPv6 address", nextHopHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const address = parseAddress(value);
    if (address !== undefined && isHost(address)) return address;
    addIssue({ message: withHint(`${quote(value)} cannot be an IPv6 next hop`, nextHopHint) });
    return NEVER;
  }),
);

/** Link-local or global; not unspecified, loopback or multicast (RFC 4271 §6.3). */
function isHost(address: Address): boolean {
  if (familyOf(address) === 4 || address === "::" || address === "::1") return false;
  return isLinkLocal(address) || !address.startsWith("ff");
}

function nextHops(address: v.GenericSchema<string, Address>) {
  return v.pipe(
    closed({ ipv4: v.exactOptional(address), ipv6: v.exactOptional(address) }),
    v.transform(({ ipv4, ipv6 }): NextHops => ({ ...(ipv4 && { ipv4 }), ...(ipv6 && { ipv6 }) })),
  );
}

/** What is done to the routes of a session, each by itself; for the meanings see `SessionConfig`. */
export const routeFields = {
  prefixes: v.array(prefixField, expected("a list of prefixes", listHint)),
  nextHop: nextHops(nextHopField),
};

/** Next hops in a topology, whose links have link-local addresses alone. */
export const linkLocalNextHopsField = nextHops(linkLocalField);
