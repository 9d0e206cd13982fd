import t from "tap";
import { Counter } from "../../bench/routing/counter.ts";
import { announcements, prefixOf, type RouteSet, withdrawals } from "../../bench/routing/routes.ts";
import { decodeMessage } from "../../src/bgp/wire/codec.ts";
import { Framer } from "../../src/bgp/wire/framer.ts";
import type { Encoding, Message, Update } from "../../src/bgp/wire/message.ts";

const COUNT = 5003;
const linkLocal = [0xfe, 0x80, ...new Array<number>(12).fill(0), 0, 2];
const nextHops = {
  "16 octets": linkLocal,
  "32 octets": [...linkLocal, ...linkLocal],
  "4 octets": [10, 255, 0, 2],
};

const encoding: Encoding = {
  fourOctetAsn: true,
  families: [4],
  extendedNextHop: true,
  extendedMessages: false,
  external: true,
  addPath: { receive: [], send: [] },
};

function decode(stream: Uint8Array): Update[] {
  const messages: Message[] = [...new Framer().push(stream)].map((frame) => decodeMessage(frame, encoding));
  return messages.filter((message) => message.type === "update");
}

for (const set of ["same", "differing"] as const satisfies RouteSet[]) {
  for (const [name, octets] of Object.entries(nextHops)) {
    t.test(`the benchmark's stream is correct: ${set} attributes, next hops of ${name}`, async (t) => {
      const nextHop = Uint8Array.from(octets);
      const updates = decode(announcements({ count: COUNT, set, asn: 65_001, nextHop }));
      t.strictSame(
        updates.flatMap(({ errors }) => errors),
        [],
      );
      const sets = new Set(updates.map(({ attributes }) => JSON.stringify(attributes)));
      t.equal(sets.size, set === "same" ? 1 : Math.ceil(COUNT / 8));
    });
  }
}

t.test("the counter counts what a stream has, however it is cut", async (t) => {
  const counts = { announced: 0, withdrawn: 0 };
  const counter = new Counter({
    open: () => {},
    keepalive: () => {},
    notification: () => {},
    update: (announced, withdrawn) => {
      counts.announced += announced;
      counts.withdrawn += withdrawn;
    },
  });
  const nextHop = new Uint8Array(16);
  const routes = { count: COUNT, set: "differing", asn: 65_001, nextHop } as const;
  for (const stream of [announcements(routes), withdrawals(routes)]) {
    for (let at = 0; at < stream.length; at += 777) counter.push(stream.subarray(at, at + 777));
  }
  t.strictSame(counts, { announced: COUNT, withdrawn: COUNT });
});

t.test("prefixes are all different", async (t) => {
  t.equal(new Set(Array.from({ length: 100_000 }, (_, number) => prefixOf(number))).size, 100_000);
});
