import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
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

/** A message of 65,535 octets in memory of its own. */
function longest(): Uint8Array {
  const octets = new Uint8Array(65_535);
  octets.fill(0xff, 0, 16);
  octets.set([0xff, 0xff, 4], 16);
  return octets;
}

t.test("no more is kept than it takes to have 64 KiB", async (t) => {
  const history = new MessageHistory();
  for (let number = 0; number < 100; number++) history.push({ octets: longest(), passage, time: 0, number });
  t.equal(history.all.length, 2);
  t.equal(history.all.at(-1)?.number, 99);
});

t.test("messages that are passed in one piece count one by one", async (t) => {
  const history = new MessageHistory();
  const three = inOne(message(1), message(2), message(3));
  const octets = new Uint8Array((three[0] as Uint8Array).buffer);
  history.push({ octets, passage, time: 0, number: 7 }, 3);
  t.strictSame(words(history), [
    "7 Route Refresh [ afi: 1, safi: 1, subtype: 0 ]",
    "8 Route Refresh [ afi: 2, safi: 1, subtype: 0 ]",
    "9 Route Refresh [ afi: 3, safi: 1, subtype: 0 ]",
  ]);
});

t.test("what is forgotten holds no memory", async (t) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const history = new MessageHistory();
  const buffers: WeakRef<ArrayBufferLike>[] = [];
  for (let number = 0; number < 100; number++) {
    const octets = longest();
    buffers.push(new WeakRef(octets.buffer));
    history.push({ octets, passage, time: 0, number });
  }
  await new Promise(setImmediate);
  collect();
  const held = buffers.filter((buffer) => buffer.deref()).length;
  t.ok(held < 40, `${held} of 100 are held`);
  t.equal(history.all.length, 2);
});
