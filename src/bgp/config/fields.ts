import * as v from "valibot";
import { type Address, addressOctets, isLinkLocal, parseAddress, parseRouterId } from "../../net/address.ts";
import { isAsn } from "../../net/asn.ts";
import { isIfname } from "../../net/endpoint.ts";
import { parsePrefix } from "../../net/prefix.ts";
import { logLevels } from "./config.ts";
import { expected, quote, withHint } from "./message.ts";
import { reservedUse } from "./reserved.ts";

/** An AS number that a router may have; four octets. */
export const asnField = v.pipe(
  v.number(expected("an AS number")),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    if (isAsn(value)) return value;
    addIssue({ message: badAsn(value) });
    return NEVER;
  }),
);

/** A BGP identifier as a dotted quad. */
export const routerIdField = v.pipe(
  v.string(expected("a router id", "a router id is a dotted quad such as 0.0.0.1")),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const id = parseRouterId(value);
    if (id !== undefined) return id;
    addIssue({
      message:
        value === "0.0.0.0"
          ? withHint("router id 0.0.0.0 is not allowed (RFC 6286 §2.1)", "any other dotted quad is")
          : withHint(`${quote(value)} is not a router id`, "a router id is a dotted quad such as 0.0.0.1"),
    });
    return NEVER;
  }),
);

/** How much a router logs. */
export const logLevelField = v.picklist(
  logLevels,
  expected("a log level", `levels are ${logLevels.join(", ")}`),
);

/** An address that an interface may have: in fe80::/64 (RFC 4291 §2.5.6), and not its first, which means any router. */
export const linkLocalField = v.pipe(
  v.string(expected("a link-local address", 'write it as "fe80::1"')),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const address = parseAddress(value);
    if (address !== undefined && isInterfaceAddress(address)) return address;
    const problem = address === undefined ? "is not an address" : "is not in fe80::/64";
    addIssue({
      message:
        address === "fe80::"
          ? withHint("fe80:: stands for any router (RFC 4291 §2.6.1)", "use fe80::1 or another")
          : withHint(`${quote(value)} ${problem}`, 'write it as "fe80::1"'),
    });
    return NEVER;
  }),
);

function isInterfaceAddress(address: Address): boolean {
  const octets = addressOctets(address);
  return (
    isLinkLocal(address) &&
    octets.subarray(2, 8).every((octet) => octet === 0) &&
    octets[1] === 0x80 &&
    octets.subarray(8).some((octet) => octet !== 0)
  );
}

const prefixHint = "a prefix is written 10.0.1.0/24 or 2001:db8::/48";

/** Any prefix without host bits. */
export const prefixField = v.pipe(
  v.string(expected("a prefix", prefixHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const parsed = parsePrefix(value);
    if (typeof parsed === "string") return parsed;
    addIssue({
      message:
        parsed.type === "hostBits"
          ? withHint(`${quote(value)} has bits set beyond its length`, `the prefix is ${parsed.network}`)
          : withHint(`${quote(value)} is not a prefix`, prefixHint),
    });
    return NEVER;
  }),
);

/** A prefix that a router may originate. */
export const originatedField = v.pipe(
  prefixField,
  v.rawCheck(({ dataset, addIssue }) => {
    const use = dataset.typed ? reservedUse(dataset.value) : undefined;
    if (use === undefined) return;
    addIssue({ message: withHint(`${dataset.value} is ${use}`, "originate a prefix of unicast addresses") });
  }),
);

/** An interface name as Linux takes it. */
export const ifnameField = v.pipe(
  v.string(expected("an interface name")),
  v.check(isIfname, ({ input }) => withHint(`${quote(input)} is not an interface name`, ifnameHint)),
);

/** What an interface name may be, for hints. */
export const ifnameHint = "up to 15 characters without space, /, : or %; not lo, all or default";

function badAsn(value: number): string {
  if (value === 0) return "AS number 0 is reserved (RFC 7607)";
  if (value === 0xffff || value === 0xffff_ffff) return `AS number ${value} is reserved (RFC 7300)`;
  return withHint(`${value} is not an AS number`, "a whole number between 1 and 4294967294");
}
