import { decodeMessage, encodeMessages } from "../../../src/bgp/wire/codec.ts";
import { type Frame, Framer } from "../../../src/bgp/wire/framer.ts";
import { encodeMessage } from "../../../src/bgp/wire/header.ts";
import {
  type Encoding,
  emptyUpdate,
  type Message,
  type NextHop,
  type Update,
} from "../../../src/bgp/wire/message.ts";
import { nlri, type PathPrefix, prefixesOf } from "../../../src/bgp/wire/nlri.ts";
import type { NotificationReason } from "../../../src/bgp/wire/notification.ts";
import { decodeUpdate } from "../../../src/bgp/wire/update-decoder.ts";
import type { Prefix } from "../../../src/net/prefix.ts";

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
  addPath: { receive: [], send: [] },
};

/** An UPDATE with prefixes as text; those with path identifiers as they are. */
export interface TextUpdate extends Omit<Update, "withdrawn" | "announced"> {
  readonly withdrawn: readonly (Prefix | PathPrefix)[];
  readonly announced: readonly {
    readonly nextHop: NextHop;
    readonly prefixes: readonly (Prefix | PathPrefix)[];
  }[];
}

export const empty: TextUpdate = { ...emptyUpdate, withdrawn: [], announced: [] };

/** With octets in the place of text. */
export function written({ withdrawn, announced, ...rest }: TextUpdate): Update {
  return {
    ...rest,
    withdrawn: nlri(withdrawn),
    announced: announced.flatMap(({ nextHop, prefixes }) =>
      nlri(prefixes).map((one) => ({ nextHop, nlri: one })),
    ),
  };
}

/** With text in the place of octets. */
export function readable({ withdrawn, announced, ...rest }: Update): TextUpdate {
  const text = (list: Update["withdrawn"]) =>
    list.flatMap((one) => prefixesOf(one).map((found) => (one.addPath ? found : found.prefix)));
  return {
    ...rest,
    withdrawn: text(withdrawn),
    announced: announced.map(({ nextHop, nlri }) => ({ nextHop, prefixes: text([nlri]) })),
  };
}

/** Messages with UPDATEs as text. */
export type TextMessage = Exclude<Message, Update> | TextUpdate;

export function decodeStream(octets: Uint8Array, encoding: Encoding | undefined = modern): TextMessage[] {
  const framer = new Framer();
  if (encoding?.extendedMessages) framer.allowExtended();
  return Array.from(framer.push(octets), (frame) => {
    const message = decodeMessage(frame, encoding);
    return message.type === "update" ? readable(message) : message;
  });
}

export function encodeText(message: TextMessage, encoding: Encoding = modern): Uint8Array[] {
  return encodeMessages(message.type === "update" ? written(message) : message, encoding);
}

/** Encodes, decodes, and gives back what came out. */
export function roundTrip(message: TextMessage, encoding: Encoding = modern): TextMessage[] {
  return decodeStream(concat(...encodeText(message, encoding)), encoding);
}

export function frame(type: Message["type"], body: Uint8Array): Frame {
  return { type, octets: encodeMessage(type, body) };
}

/** An UPDATE of the three fields, each in hexadecimal, read under `encoding`. */
export function decodeFields(
  { withdrawn = "", attributes = "", nlri = "" },
  encoding: Encoding = modern,
): TextUpdate {
  return readable(decodeUpdate(updateBody({ withdrawn, attributes, nlri }), encoding));
}

/** What `t.throws` must see of a WireError. */
export function refusal(reason: NotificationReason, data: string | Uint8Array = "") {
  return { name: "WireError", reason, data: typeof data === "string" ? hex(data) : data };
}

/** The octets behind the header of an UPDATE, whose three fields are in hexadecimal. */
export function updateBody({ withdrawn = "", attributes = "", nlri = "" }): Uint8Array {
  const [gone, path, reach] = [hex(withdrawn), hex(attributes), hex(nlri)];
  const length = (octets: Uint8Array) => Uint8Array.of(octets.length >> 8, octets.length & 0xff);
  return concat(length(gone), gone, length(path), path, reach);
}
