import fc from "fast-check";
import t from "tap";
import { describePassed, MessageHistory, type Passage } from "../../../src/bgp/speaker/message-history.ts";
import { encodeMessages } from "../../../src/bgp/wire/codec.ts";
import type { Message } from "../../../src/bgp/wire/message.ts";
import { connectionId } from "../../support/session.ts";

const passage: Passage = {
  direction: "sent",
  connectionId: connectionId("c"),
  encoding: undefined,
};

const message = (afi: number): Message => ({ type: "routeRefresh", afi, subtype: 0, safi: 1 });

/** Octets of a message, somewhere in memory that it shares with others. */
function inOne(...messages: Message[]): Uint8Array[] {
  const parts = messages.flatMap((each) => encodeMessages(each, undefined));
  const memory = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  return parts.map((part) => {
    memory.set(part, at);
    at += part.length;
    return memory.subarray(at - part.length, at);
  });
}

const words = (history: MessageHistory) =>
  history.all.map((each) => `${each.number} ${describePassed(each).contents}`);

t.test("messages are told one by one, however they lie in memory", async (t) => {
  const history = new MessageHistory();
  const [a, b, c] = inOne(message(1), message(2), message(3));
  const times = [1, 1, 2];
  for (const [number, octets] of [a, b, c].entries()) {
    if (octets) history.push({ octets, passage, time: times[number] ?? 0, number });
  }
  const [d] = inOne(message(4));
  if (d) history.push({ octets: d, passage, time: 2, number: 5 });
  t.strictSame(words(history), [
    "0 Route Refresh [ afi: 1, safi: 1, subtype: 0 ]",
    "1 Route Refresh [ afi: 2, safi: 1, subtype: 0 ]",
    "2 Route Refresh [ afi: 3, safi: 1, subtype: 0 ]",
    "5 Route Refresh [ afi: 4, safi: 1, subtype: 0 ]",
  ]);
  t.strictSame(
    history.all.map(({ time }) => time),
    [1, 1, 2, 2],
  );
});

t.test("the last 1,024 are kept, in one piece or in many", async (t) => {
  for (const shared of [true, false]) {
    const history = new MessageHistory();
    const all = Array.from({ length: 3000 }, (_, number) => message(number));
    const octets = shared ? inOne(...all) : all.flatMap((each) => inOne(each));
    for (const [number, each] of octets.entries()) history.push({ octets: each, passage, time: 0, number });
    t.equal(history.all.length, 1024);
    t.equal(history.all.at(0)?.number, 3000 - 1024);
    t.equal(history.all.at(-1)?.number, 2999);
  }
});

/** A message of so many octets. */
function ofLength(length: number, content: number): Uint8Array {
  const octets = new Uint8Array(length).fill(content);
  octets.fill(0xff, 0, 16);
  octets.set([length >> 8, length, 4], 16);
  return octets;
}

t.test("no more is kept than 64 KiB, but always the last one", async (t) => {
  const history = new MessageHistory();
  for (let number = 0; number < 100; number++) {
    history.push({ octets: ofLength(65_535, 0), passage, time: 0, number });
  }
  t.strictSame(
    history.all.map(({ number }) => number),
    [99],
  );
});

t.test("what is kept is a copy", async (t) => {
  const history = new MessageHistory();
  const [octets] = inOne(message(1));
  if (octets) history.push({ octets, passage, time: 0, number: 0 });
  octets?.fill(0);
  t.strictSame(words(history), ["0 Route Refresh [ afi: 1, safi: 1, subtype: 0 ]"]);
});

t.test("whatever their lengths, the last ones are there, whole and in order", async (t) => {
  const lengths = fc.integer({ min: 19, max: 9000 });
  const messages = fc.array(fc.record({ length: lengths, time: fc.nat(2) }), { maxLength: 200 });
  fc.assert(
    fc.property(messages, (all) => {
      const history = new MessageHistory();
      const sent = all.map(({ length }, number) => ({ octets: ofLength(length, number), number }));
      for (const [index, each] of sent.entries()) {
        history.push({ ...each, passage, time: all[index]?.time ?? 0 });
      }
      const kept = history.all.map(({ octets, number }) => ({ octets, number }));
      const octets = kept.reduce((sum, each) => sum + each.octets.length, 0);
      const isFull = octets > (1 << 16) - (1 << 12) - 2 * 9000;
      t.ok(kept.length === sent.length || isFull, `${kept.length} of ${sent.length}`);
      t.same(kept, sent.slice(sent.length - kept.length));
    }),
  );
});
