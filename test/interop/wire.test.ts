import t from "tap";
import { encodeMessages } from "../../src/bgp/wire/codec.ts";
import { Wire } from "../../src/interop/wire.ts";
import { frame, r1, r2 } from "../capture/frames.ts";

const keepalive = Uint8Array.from(
  encodeMessages({ type: "keepalive" }, undefined).flatMap((one) => [...one]),
);

const target = { lab: "lab", router: "a", ifname: "eth0" };

t.test("a wire knows who dialed, who said what, and with which hop limit", async (t) => {
  const wire = new Wire();
  wire.push({ target, sent: true, octets: frame({ flags: 2 }) }, 0);
  wire.push({ target, sent: true, octets: frame({ sequence: 1, payload: keepalive }) }, 1);
  t.strictSame(wire.connections, [{ dialer: "a", port: 40_000, isOver: false }]);
  t.match(wire.heard, [{ from: "a", type: "keepalive", length: 19, text: "Keepalive" }]);
  t.equal(wire.hopLimits("a").length, 1);
  t.strictSame(wire.hopLimits("b"), []);
  t.equal(wire.open("a"), undefined);
  t.strictSame(wire.since(1), []);
  t.ok(wire.pcapng().length > 2 * frame({ flags: 2 }).length);
});

t.test("a connection is there once, however often its SYN is said, until it is over", async (t) => {
  const wire = new Wire();
  const push = (flags: number, back = false) =>
    wire.push({ target, sent: !back, octets: frame(back ? { from: r2, to: r1, flags } : { flags }) }, 0);
  push(2);
  push(2);
  push(0x12, true);
  t.strictSame(wire.connections, [{ dialer: "a", port: 40_000, isOver: false }]);
  push(0x11, true);
  t.strictSame(wire.connections, [{ dialer: "a", port: 40_000, isOver: true }]);
  push(2);
  t.equal(wire.connections.length, 2);
});
