import * as v from "valibot";
import { expected, quote, withHint } from "../bgp/config/message.ts";

const rateHint = "a number and bit, kbit, mbit or gbit, from 8kbit to 100gbit, such as 10mbit";
const bitsOf = new Map([
  ["bit", 1],
  ["kbit", 1e3],
  ["mbit", 1e6],
  ["gbit", 1e9],
]);

/** How much a link carries, in bits per second from here on. */
export const rateField = v.pipe(
  v.string(expected("a rate", rateHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const [, digits, unit = ""] = /^(\d{1,12}(?:\.\d{1,3})?)\s?([kmg]?bit)$/.exec(value) ?? [];
    const bits = Math.round(Number(digits) * (bitsOf.get(unit) ?? Number.NaN));
    if (bits >= 8000 && bits <= 100e9) return bits;
    addIssue({ message: withHint(`${quote(value)} is not a rate`, rateHint) });
    return NEVER;
  }),
);

const delayHint = "a number and us, ms or s, at most 10s, such as 20ms";
const microsecondsOf = new Map([
  ["us", 1],
  ["ms", 1e3],
  ["s", 1e6],
]);

/** How long packets take, in microseconds from here on. */
export const delayField = v.pipe(
  v.string(expected("a delay", delayHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const [, digits, unit = ""] = /^(\d{1,9}(?:\.\d{1,6})?)\s?(us|ms|s)$/.exec(value) ?? [];
    const us = Math.round(Number(digits) * (microsecondsOf.get(unit) ?? Number.NaN));
    if (us >= 0 && us <= 10e6) return us;
    addIssue({ message: withHint(`${quote(value)} is not a delay`, delayHint) });
    return NEVER;
  }),
);

const lossHint = "a share of the packets such as 1% or 0.5%";

/** How many packets are lost, as a fraction of 1 from here on. */
export const lossField = v.pipe(
  v.string(expected("a loss", lossHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const [, digits] = /^(\d{1,3}(?:\.\d{1,6})?)\s?%$/.exec(value) ?? [];
    const share = Number(digits) / 100;
    if (share >= 0 && share <= 1) return share;
    addIssue({ message: withHint(`${quote(value)} is not a loss`, lossHint) });
    return NEVER;
  }),
);

const macHint =
  "six octets such as 02:00:00:00:00:01, the first even, and not 02:fe:80:…, which fe80 gives out itself";

/** A MAC address that an interface may have, in lower case. */
export const macField = v.pipe(
  v.string(expected("a MAC address", macHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const mac = value.toLowerCase();
    const sound = /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(mac) && mac !== "00:00:00:00:00:00";
    if (sound && !mac.startsWith("02:fe:80:")) return mac;
    addIssue({ message: withHint(`${quote(value)} cannot be an interface's MAC address`, macHint) });
    return NEVER;
  }),
);
