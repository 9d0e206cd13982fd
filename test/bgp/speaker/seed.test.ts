import t from "tap";
import { type Line, type Name, play, reference } from "../../support/seed.ts";

/**
 * Two routers meet as in the reference log, and each does what the reference says, in its order. Where ours differs, it
 * does so on purpose: here is each place, and why.
 */

interface Difference {
  readonly why: string;
  readonly reference: readonly string[];
  readonly ours: readonly string[];
}

const both: readonly Difference[] = [
  {
    why:
      "The reference leaves Idle before anybody starts it, and then warns of the start; ours waits for the start. Its " +
      "peer's address was there beforehand; ours is discovered, and dialed as soon as it is.",
    reference: ["idle -> connect", "event manual start"],
    ours: ["event manual start", "idle -> connect", "event peer discovered"],
  },
  {
    why:
      "The reference's session setup sends a KEEPALIVE of its own beside the one that answers the OPEN; RFC 4271 knows " +
      "one. Where it has routes to tell, ours does so; here that is the mark of their end (RFC 4724 §2).",
    reference: ["session setup -> established", "send keepalive", "event keepalive message"],
    ours: ["session setup -> established", "send update", "event update message"],
  },
];

const differences: Readonly<Record<Name, readonly Difference[]>> = {
  r1: both,
  r2: [
    ...both,
    {
      why:
        "The reference does not tell its state machine that a dial came to nothing (TcpConnectionFails, RFC 4271 §8.2.2), " +
        "and stays in Connect; ours listens in Active until the next dial.",
      reference: ["event tcp connection acked", "connect -> open sent"],
      ours: [
        "event tcp connection fails",
        "connect -> active",
        "event tcp connection acked",
        "active -> open sent",
      ],
    },
  ],
};

/** Capabilities that one side announces and the other does not. */
const onlyTheirs = [
  "AddPath [ AddPathElement { afi: IPv4, safi: Unicast, send_receive: 1 }", // announced, but not implemented there
];

type Kind = "event" | "transition" | "send" | "recv" | undefined;

function kindOf({ msg = "" }: Line): Kind {
  if (msg.startsWith("received fsm event")) return "event";
  if (msg.startsWith("fsm transition")) return "transition";
  return /^(send|recv) \w+( \w+)? message/.exec(msg)?.[1] as Kind;
}

function titleOf(line: Line): string {
  const kind = kindOf(line);
  if (kind === "event") return `event ${line["event"]}`;
  if (kind === "transition") return `${line["msg"]}`.slice("fsm transition ".length);
  return `${kind} ${line["message"]}`.replace(/ message$/, "");
}

/** Events, each with the transitions and messages that it leads to: ours tells transitions first, the reference last. */
function story(lines: readonly Line[]): string[] {
  const told = lines.filter((line) => kindOf(line) !== undefined && kindOf(line) !== "recv");
  const chapters: { transitions: string[]; others: string[] }[] = [{ transitions: [], others: [] }];
  for (const line of told) {
    const kind = kindOf(line);
    if (kind === "event") chapters.push({ transitions: [], others: [] });
    const chapter = chapters.at(-1);
    const list = kind === "transition" ? chapter?.transitions : chapter?.others;
    list?.push(titleOf(line));
  }
  return chapters.flatMap(({ transitions, others }) => {
    const after = others[0]?.startsWith("event") ? 1 : 0;
    return [...others.slice(0, after), ...transitions, ...others.slice(after)];
  });
}

/** The reference's story with a difference applied. */
function apply(told: readonly string[], { reference, ours, why }: Difference): string[] {
  const at = told.findIndex((_, start) => reference.every((title, offset) => told[start + offset] === title));
  if (at < 0) throw new Error(`the reference does not go so: ${why}`);
  return told.toSpliced(at, reference.length, ...ours);
}

/** Titles of one kind, in order. */
const only = (lines: readonly Line[], kind: Kind) =>
  lines.filter((line) => kindOf(line) === kind).map(titleOf);

const logs = play();

for (const name of ["r1", "r2"] as const) {
  t.test(`${name} does what the reference does, but for what is listed`, async (t) => {
    t.strictSame(story(logs[name]), differences[name].reduce(apply, story(reference(name))));
  });

  t.test(`${name} receives what the reference receives, but for its second keepalive`, async (t) => {
    t.strictSame(only(reference(name), "recv"), ["recv open", "recv keepalive", "recv keepalive"]);
    t.strictSame(only(logs[name], "recv"), ["recv open", "recv keepalive", "recv update"]);
  });

  t.test(`${name}'s OPEN says what the reference's says, and more capabilities that it has`, async (t) => {
    const open = (lines: readonly Line[]) =>
      `${lines.find((line) => kindOf(line) === "send" && line["message"] === "open message")?.["message_contents"]}`;
    const [theirs, ours] = [open(reference(name)), open(logs[name])];
    const head = /^Open \[ version: 4, asn: \d+, hold_time: \d+, id: \d+, /;
    t.equal(head.exec(ours)?.[0], head.exec(theirs)?.[0]);
    const [, announced = ""] = /Capabilities \[ (.*), \]\] \]$/.exec(theirs) ?? [];
    const capabilities = announced
      .split(", ")
      .filter((text) => !/^(AddPath|safi|send_receive|\])/.test(text));
    t.ok(capabilities.length >= 4, capabilities.join());
    for (const capability of capabilities) t.ok(ours.includes(capability), capability);
    for (const capability of onlyTheirs) t.ok(theirs.includes(capability) && !ours.includes(capability));
  });

  t.test(`${name}'s lines have the reference's keys`, async (t) => {
    // A channel stood for the reference's TCP connection. Ours knows the peer of a message by `connection_peer`.
    const without = new Set(["seq", "level", "channel_id", "peer"]);
    for (const kind of ["event", "transition", "send", "recv"] as const) {
      const keys = (lines: readonly Line[]) =>
        new Set(lines.filter((line) => kindOf(line) === kind).flatMap((line) => Object.keys(line)));
      const missing = [...keys(reference(name))].filter(
        (key) => !keys(logs[name]).has(key) && !without.has(key),
      );
      t.strictSame(missing, [], kind);
    }
    t.notOk(
      logs[name].some(({ level }) => Number(level) >= 40),
      "nothing to warn of",
    );
  });
}

t.test("the two ends are one connection, r1's outbound and r2's inbound, as in the reference", async (t) => {
  const directions = (lines: readonly Line[]) => [
    ...new Set(lines.filter((line) => kindOf(line) === "send").map((line) => line["direction"])),
  ];
  t.strictSame([directions(reference("r1")), directions(reference("r2"))], [["outbound"], ["inbound"]]);
  t.strictSame([directions(logs.r1), directions(logs.r2)], [["outbound"], ["inbound"]]);
});
