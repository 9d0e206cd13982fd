import t from "tap";
import { encodeMessages } from "../../../src/bgp/wire/codec.ts";
import { type Frame, Framer } from "../../../src/bgp/wire/framer.ts";
import type { Message } from "../../../src/bgp/wire/message.ts";
import type { NotificationReason } from "../../../src/bgp/wire/notification.ts";
import { concat, hex, modern, refusal } from "./octets.ts";

const marker = "ff".repeat(16);
const keepalive = hex(`${marker} 0013 04`);
const notification: Message = { type: "notification", code: 6, subcode: 2, data: hex("0568656c6c6f") };
const messages: Message[] = [{ type: "keepalive" }, notification, { type: "keepalive" }];
const stream = concat(...messages.flatMap((message) => encodeMessages(message, modern)));
const types = messages.map(({ type }) => type);

/** The frames that `chunk` completes, with octets of their own. */
function framesOf(framer: Framer, chunk: Uint8Array): Frame[] {
  return Array.from(framer.push(chunk), ({ type, octets }) => ({ type, octets: octets.slice() }));
}

t.test("a stream cut at any place gives the same messages", async (t) => {
  for (let cut = 0; cut <= stream.length; cut++) {
    const framer = new Framer();
    const frames = [...framesOf(framer, stream.subarray(0, cut)), ...framesOf(framer, stream.subarray(cut))];
    t.strictSame(
      frames.map(({ type }) => type),
      types,
      `cut at ${cut}`,
    );
    t.strictSame(concat(...frames.map(({ octets }) => octets)), stream);
  }
});

t.test("a stream that comes octet by octet gives the same messages", async (t) => {
  const framer = new Framer();
  const frames = Array.from(stream, (octet) => [...framer.push(Uint8Array.of(octet))]).flat();
  t.strictSame(
    frames.map(({ type }) => type),
    types,
  );
});

t.test("a frame is a view of the chunk, or of what was kept: good until the next is asked for", async (t) => {
  const chunk = concat(keepalive, keepalive, keepalive.subarray(0, 4));
  const framer = new Framer();
  for (const { octets } of framer.push(chunk)) t.equal(octets.buffer, chunk.buffer);
  chunk.fill(0);
  const [last] = framesOf(framer, keepalive.subarray(4));
  t.strictSame(last?.octets, keepalive, "a message in two chunks is put together in the framer");
});

t.test("a frame of a Buffer is a plain Uint8Array", async (t) => {
  for (const { octets } of new Framer().push(Buffer.from(keepalive))) t.notOk(octets instanceof Buffer);
});

t.test("100,000 messages in one chunk and in small ones take linear work", async (t) => {
  const many = new Uint8Array(100_000 * keepalive.length);
  for (let at = 0; at < many.length; at += keepalive.length) many.set(keepalive, at);
  t.equal([...new Framer().push(many)].length, 100_000);
  const framer = new Framer();
  let count = 0;
  for (let at = 0; at < many.length; at += 7) count += [...framer.push(many.subarray(at, at + 7))].length;
  t.equal(count, 100_000);
});

const wrong: { name: string; octets: string; reason: NotificationReason; data?: string }[] = [
  {
    name: "a first octet that is no marker, at once",
    octets: "47",
    reason: "connectionNotSynchronized",
  },
  {
    name: "a marker that is not all ones",
    octets: `${"ff".repeat(15)}fe 0013 04`,
    reason: "connectionNotSynchronized",
  },
  { name: "length 18", octets: `${marker} 0012 04`, reason: "badMessageLength", data: "0012" },
  { name: "length 4097", octets: `${marker} 1001 02`, reason: "badMessageLength", data: "1001" },
  { name: "length 65535", octets: `${marker} ffff 02`, reason: "badMessageLength", data: "ffff" },
  { name: "type 0", octets: `${marker} 0013 00`, reason: "badMessageType", data: "00" },
  { name: "type 9", octets: `${marker} 0013 09`, reason: "badMessageType", data: "09" },
  { name: "an OPEN of 28 octets", octets: `${marker} 001c 01`, reason: "badMessageLength", data: "001c" },
  { name: "an UPDATE of 22 octets", octets: `${marker} 0016 02`, reason: "badMessageLength", data: "0016" },
  { name: "a NOTIFICATION of 20", octets: `${marker} 0014 03`, reason: "badMessageLength", data: "0014" },
  { name: "a KEEPALIVE of 20 octets", octets: `${marker} 0014 04`, reason: "badMessageLength", data: "0014" },
];

for (const { name, octets, reason, data = "" } of wrong) {
  t.test(`${name} is refused before more octets come (RFC 4271 §6.1)`, async (t) => {
    const framer = new Framer();
    const frames = [...framer.push(keepalive)];
    t.equal(frames.length, 1);
    t.throws(() => [...framer.push(hex(octets))], refusal(reason, data));
    t.throws(() => [...framer.push(keepalive)], refusal(reason, data), "and stays refused");
  });
}

t.test("messages before the wrong one still come out", async (t) => {
  const seen: string[] = [];
  t.throws(
    () => {
      for (const { type } of new Framer().push(concat(stream, hex(`${marker} 0013 09`)))) seen.push(type);
    },
    refusal("badMessageType", "09"),
  );
  t.strictSame(seen, types);
});

t.test(
  "extended messages are taken once they are allowed, but for OPEN and KEEPALIVE (RFC 8654 §4)",
  async (t) => {
    const framer = new Framer();
    const long = concat(hex(`${marker} ffff 02`), new Uint8Array(65_535 - 19));
    framer.push(keepalive.subarray(0, 10)).next();
    framer.allowExtended();
    const frames = [...framer.push(keepalive.subarray(10)), ...framer.push(long), ...framer.push(long)];
    t.strictSame(
      frames.map(({ octets }) => octets.length),
      [19, 65_535, 65_535],
      "what was half there is not lost",
    );
    t.throws(() => [...framer.push(hex(`${marker} 1001 01`))], refusal("badMessageLength", "1001"));
    const other = new Framer();
    other.allowExtended();
    t.throws(() => [...other.push(hex(`${marker} 1001 04`))], refusal("badMessageLength", "1001"));
  },
);
