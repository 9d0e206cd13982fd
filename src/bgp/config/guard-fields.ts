import * as v from "valibot";
import { expected, withHint } from "./message.ts";

const keyHint = "a key has 1 to 80 printable ASCII characters, none of them a double quote (RFC 2385)";

/** A TCP-MD5 key that every kind of router can be told. Messages never show it. */
export const md5KeyField = v.pipe(
  v.string(withHint("expected a TCP-MD5 key as text", "quote a key of digits alone")),
  v.check((value) => /^[ !#-~]{1,80}$/.test(value), withHint("this cannot be a TCP-MD5 key", keyHint)),
);

/** The smallest hop limit that is taken from a peer. */
export const minHopLimitField = v.pipe(
  v.number(expected("a hop limit")),
  v.check(
    (value) => Number.isInteger(value) && value >= 1 && value <= 255,
    ({ input }) =>
      withHint(`${input} is not a hop limit`, "a whole number from 1 to 255; 255 takes neighbors only"),
  ),
);
