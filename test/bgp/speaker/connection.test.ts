import t from "tap";
import { BgpConnection } from "../../../src/bgp/speaker/connection.ts";
import type { Transport, TransportListener } from "../../../src/bgp/speaker/host.ts";
import type { Address } from "../../../src/net/address.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";
import { connectionId, parameters } from "../../support/session.ts";

/** A transport whose other end reads when it is told to. */
class Sluggish implements Transport {
  readonly local = undefined;
  readonly peer = { address: "fe80::2" as Address, ifindex: 1, port: 179 };
  unsent = 0;
  isUnread = false;
  #listener: TransportListener | undefined;

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  send(octets: Uint8Array): void {
    this.unsent += octets.length;
  }

  read(octets: number): void {
    this.unsent -= octets;
    this.#listener?.sent?.();
  }

  close(): void {}
}

function create() {
  const [clock, transport, told] = [new VirtualClock(), new Sluggish(), [] as string[]];
  const connection = new BgpConnection({ id: connectionId("c"), direction: "outbound" }, transport, {
    clock,
    parameters,
    encoding: () => undefined,
    handle: ({ type }) => void told.push(type),
    drained: () => void told.push("drained"),
    logs: () => false,
    log: () => {},
    caughtUp: () => {},
    passed: () => {},
  });
  connection.listen();
  return { clock, transport, told, connection };
}

const KEEPALIVE_LENGTH = 19;

t.test("a peer is behind from 1 MiB on until it has read all", async (t) => {
  const { transport, told, connection } = create();
  const many = Math.ceil((2 ** 20 + 1) / KEEPALIVE_LENGTH);
  connection.send({ type: "keepalive" });
  t.ok(connection.keepsUp);
  for (let sent = 1; sent < many; sent++) connection.send({ type: "keepalive" });
  t.notOk(connection.keepsUp);
  transport.read(transport.unsent - 1);
  t.notOk(connection.keepsUp);
  t.strictSame(told, []);
  transport.read(1);
  t.ok(connection.keepsUp);
  transport.read(0);
  t.strictSame(told, ["drained"], "told once");
});

t.test("the send hold timer starts again with all that leaves (RFC 9687 §3.2)", async (t) => {
  const { clock, transport, told, connection } = create();
  connection.timers.sendHold.start(10);
  for (let time = 0; time < 5; time++) {
    connection.send({ type: "keepalive" });
    connection.send({ type: "keepalive" });
    clock.advance(9_000);
    transport.read(KEEPALIVE_LENGTH);
  }
  t.strictSame(told, []);
  clock.advance(9_999);
  t.strictSame(told, []);
  clock.advance(1);
  t.strictSame(told, ["sendHoldTimerExpires"]);
});

t.test("a peer that is sent nothing for longer than the send hold time is not at fault", async (t) => {
  const { clock, transport, told, connection } = create();
  connection.timers.sendHold.start(10);
  clock.advance(35_000);
  connection.send({ type: "keepalive" });
  clock.advance(4_000);
  t.strictSame(told, []);
  transport.read(KEEPALIVE_LENGTH);
  connection.close();
  clock.advance(60_000);
  t.strictSame(told, []);
});

t.test("silence is held against a peer only by a process that has listened", async (t) => {
  const { clock, transport, told, connection } = create();
  transport.isUnread = true;
  connection.timers.hold.start(6);
  clock.advance(6_000);
  t.strictSame(told, [], "what it said waits to be read");
  transport.isUnread = false;
  clock.advance(6_000);
  t.strictSame(told, ["holdTimerExpires"]);
});
