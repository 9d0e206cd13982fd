import fc from "fast-check";
import t from "tap";
import { ourOpen } from "../../../src/bgp/session/parameters.ts";
import { encodeMessages } from "../../../src/bgp/wire/codec.ts";
import type { Message } from "../../../src/bgp/wire/message.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { MemoryLab } from "../../support/memory-lab.ts";
import { parameters } from "../../support/session.ts";

/** A Router Advertisement with lifetime 0 and no options. */
const advertisement = Uint8Array.from(Buffer.from("8600000040000000".padEnd(32, "0"), "hex"));

const open = ourOpen({ ...parameters, asn: asn(64514), routerId: "0.0.0.3" as RouterId });
const octetsOf = (message: Message) => Buffer.concat(encodeMessages(message, undefined));

/** Valid beginnings, so that the octets meet a session in each of its states. */
const beginnings = [
  Buffer.alloc(0),
  octetsOf(open),
  Buffer.concat([octetsOf(open), octetsOf({ type: "keepalive" })]),
];

/** Octets that look like a message: the header is right, the rest is anything. */
const messages = fc
  .record({ type: fc.integer({ min: 0, max: 7 }), body: fc.uint8Array({ maxLength: 64 }) })
  .map(({ type, body }) => {
    const length = 19 + body.length;
    return Buffer.from([...Array(16).fill(0xff), length >> 8, length & 0xff, type, ...body]);
  });

t.test(
  "whatever a peer says, in whatever state, its session survives or ends and the others stay up",
  async (t) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...beginnings),
        fc.array(fc.oneof(messages, fc.uint8Array({ maxLength: 64 })), { maxLength: 6 }),
        (beginning, chunks) => {
          const lab = new MemoryLab(3);
          const stranger = lab.member(3).host;
          stranger.listen(179, (transport) => {
            transport.listen({ connected: () => {}, received: () => {}, closed: () => {} });
            for (const octets of [beginning, ...chunks]) transport.send(Uint8Array.from(octets));
          });
          lab.member(1).router.start();
          lab.member(2).router.start();
          lab.clock.advance(10);
          stranger.sendDiscovery({ ifindex: 1, address: "ff02::1" as Address }, advertisement);
          lab.clock.advance(100);
          const errors = lab.member(2).log.filter(({ msg }) => msg?.startsWith("internal error"));
          return lab.session(2, "eth0").establishedCount === 1 && errors.length === 0;
        },
      ),
      { numRuns: 500 },
    );
    t.pass("no octets broke anything");
  },
);
