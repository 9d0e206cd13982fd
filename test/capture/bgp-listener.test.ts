import t from "tap";
import { encodeMessages } from "../../src/bgp/wire/codec.ts";
import type { Message, Open } from "../../src/bgp/wire/message.ts";
import { BgpListener } from "../../src/capture/bgp-listener.ts";
import type { RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { frame, r1, r2 } from "./frames.ts";

const keepalive: Message = { type: "keepalive" };

function open(number: number, capabilities: Open["capabilities"] = []): Open {
  return { type: "open", asn: asn(number), holdTime: 9, routerId: "0.0.0.1" as RouterId, capabilities };
}

const octetsOf = (...messages: Message[]) =>
  Uint8Array.from(
    messages.flatMap((message) => encodeMessages(message, undefined).flatMap((one) => [...one])),
  );

/** An UPDATE that announces 10.0.0.0/8 with an AS_PATH of one number that has so many octets. */
function update(octetsOfAsn: 2 | 4): Uint8Array {
  const path = [0x40, 2, 2 + octetsOfAsn, 2, 1, ...(octetsOfAsn === 2 ? [] : [0, 0]), 0xfd, 0xe9];
  const attributes = [0x40, 1, 1, 0, ...path, 0x40, 3, 4, 10, 0, 0, 1];
  const body = [0, 0, 0, attributes.length, ...attributes, 8, 10];
  return Uint8Array.of(...Array(16).fill(0xff), 0, 19 + body.length, 2, ...body);
}

const texts = (listener: BgpListener, ...frames: Uint8Array[]) =>
  frames.flatMap((each) => [...listener.push(each)].map(({ text }) => text));

t.test("messages are told with their ends, in words, as soon as they are whole", async (t) => {
  const listener = new BgpListener();
  const octets = octetsOf(open(64512), keepalive);
  const half = frame({ sequence: 1, payload: octets.subarray(0, 25) });
  t.strictSame(texts(listener, frame({ flags: 2 }), half), []);
  const rest = [...listener.push(frame({ sequence: 26, payload: octets.subarray(25) }))];
  t.match(rest, [
    { from: r1, to: r2, port: 40_000, text: /^Open \[ version: 4, asn: 64512/ },
    { from: r1, to: r2, port: 40_000, text: "Keepalive" },
  ]);
  const answer = frame({ from: r2, to: r1, sequence: 77, payload: octetsOf(keepalive) });
  t.match([...listener.push(answer)], [{ from: r2, to: r1, port: 40_000, text: "Keepalive" }]);
});

t.test("an UPDATE is read as both OPENs settled, or as is usual where nobody has seen them", async (t) => {
  const from2 = { from: r2, to: r1 };
  const wide = [{ type: "fourOctetAsn", asn: asn(64512) } as const];
  for (const [capabilities, size] of [
    [[], 2],
    [wide, 4],
  ] as const) {
    const listener = new BgpListener();
    const [a, b] = [octetsOf(open(64512, capabilities)), octetsOf(open(65001, capabilities))];
    texts(listener, frame({ flags: 2 }), frame({ ...from2, flags: 0x12 }));
    texts(listener, frame({ sequence: 1, payload: a }), frame({ ...from2, sequence: 1, payload: b }));
    const told = texts(listener, frame({ ...from2, sequence: 1 + b.length, payload: update(size) }));
    t.match(told, [
      /announced: \[ 10\.0\.0\.0\/8 \], next_hop: 10\.0\.0\.1, origin: igp, as_path: \[65001\]/,
    ]);
  }
  t.match(texts(new BgpListener(), frame({ payload: update(4) })), [/as_path: \[65001\]/]);
});

t.test(
  "prefixes have path identifiers where one sends and the other receives them (RFC 7911 §4)",
  async (t) => {
    const capability = (mode: number) => [
      { type: "fourOctetAsn", asn: asn(64512) } as const,
      { type: "addPath", entries: [{ afi: 1, safi: 1, mode }] } as const,
    ];
    const withPath = (octets: Uint8Array) => {
      const longer = Uint8Array.of(...octets.subarray(0, -2), 0, 0, 0, 7, ...octets.subarray(-2));
      longer[17] = longer.length;
      return longer;
    };
    const listener = new BgpListener();
    const from2 = { from: r2, to: r1 };
    const [a, b] = [octetsOf(open(64512, capability(1))), octetsOf(open(65001, capability(3)))];
    texts(listener, frame({ flags: 2 }), frame({ ...from2, flags: 0x12 }));
    texts(listener, frame({ sequence: 1, payload: a }), frame({ ...from2, sequence: 1, payload: b }));
    const there = frame({ ...from2, sequence: 1 + b.length, payload: withPath(update(4)) });
    t.match(texts(listener, there), [/announced: \[ 10\.0\.0\.0\/8 path 7 \]/]);
    const back = frame({ sequence: 1 + a.length, payload: update(4) });
    t.match(texts(listener, back), [/announced: \[ 10\.0\.0\.0\/8 \]/]);
  },
);

t.test("what is wrong is told, and the rest is told again from the next message on", async (t) => {
  const listener = new BgpListener();
  const broken = octetsOf(keepalive);
  broken[18] = 9;
  const whole = octetsOf(keepalive);
  t.strictSame(
    texts(
      listener,
      frame({ flags: 2 }),
      frame({ sequence: 1, payload: broken }),
      frame({ sequence: 20, payload: whole.subarray(3) }),
      frame({ sequence: 36, payload: whole }),
    ),
    ["cannot be read: there is no message type 9", "Keepalive"],
  );
  const bad = octetsOf(open(64512));
  bad[19] = 3;
  t.match(texts(listener, frame({ flags: 2 }), frame({ sequence: 1, payload: bad })), [/^malformed open: /]);
});

t.test("other ports are nobody's business, and a port may be used again", async (t) => {
  const listener = new BgpListener();
  const payload = octetsOf(keepalive);
  t.strictSame(texts(listener, frame({ to: { ...r2, port: 80 }, payload }), Uint8Array.of(1, 2, 3)), []);
  for (const flags of [0x14, 0x11]) {
    t.strictSame(texts(listener, frame({ flags: 2, sequence: 9 }), frame({ sequence: 10, payload })), [
      "Keepalive",
    ]);
    texts(listener, frame({ flags, sequence: 29 }), frame({ from: r2, to: r1, flags: 0x11 }));
  }
  t.strictSame(texts(listener, frame({ flags: 2, sequence: 500 }), frame({ sequence: 501, payload })), [
    "Keepalive",
  ]);
});
