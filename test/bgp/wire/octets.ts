import { decodeMessage, encodeMessages } from "../../../src/bgp/wire/codec.ts";
import { type Frame, Framer } from "../../../src/bgp/wire/framer.ts";
import { encodeMessage } from "../../../src/bgp/wire/header.ts";
import type { Encoding, Message, Update } from "../../../src/bgp/wire/message.ts";
import type { NotificationReason } from "../../../src/bgp/wire/notification.ts";

/** Octets from hexadecimal text; white space and `# comments` are ignored. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/#.*|\s/g, ""), "hex"));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** What two modern speakers in different ASes agree on over an unnumbered link. */
export const modern: Encoding = {
  fourOctetAsn: true,
  families: [4, 6],
  extendedNextHop: true,
  extendedMessages: false,
  external: true,
};

export function decodeStream(octets: Uint8Array, encoding: Encoding | undefined = modern): Message[] {
  const framer = new Framer();
  if (encoding?.extendedMessages) framer.allowExtended();
  return [...framer.push(octets)].map((frame) => decodeMessage(frame, encoding));
}

/** Encodes, decodes, and gives back what came out. */
export function roundTrip(message: Message, encoding: Encoding = modern): Message[] {
  return decodeStream(concat(...encodeMessages(message, encoding)), encoding);
}

export function frame(type: Message["type"], body: Uint8Array): Frame {
  return { type, octets: encodeMessage(type, body) };
}

/** An UPDATE of the three fields, each in hexadecimal, read under `encoding`. */
export function decodeFields(
  { withdrawn = "", attributes = "", nlri = "" },
  encoding: Encoding = modern,
): Update {
  const message = decodeMessage(frame("update", updateBody({ withdrawn, attributes, nlri })), encoding);
  if (message.type !== "update") throw new Error(`decoded as ${message.type}`);
  return message;
}

/** What `t.throws` must see of a WireError. */
export function refusal(reason: NotificationReason, data: string | Uint8Array = "") {
  return { name: "WireError", reason, data: typeof data === "string" ? hex(data) : data };
}

function updateBody({ withdrawn = "", attributes = "", nlri = "" }): Uint8Array {
  const [gone, path, reach] = [hex(withdrawn), hex(attributes), hex(nlri)];
  const length = (octets: Uint8Array) => Uint8Array.of(octets.length >> 8, octets.length & 0xff);
  return concat(length(gone), gone, length(path), path, reach);
}
