import { setImmediate } from "node:timers/promises";
import t, { type Test } from "tap";
import { type AdvertisedInterface, Advertiser } from "../../src/advertiser/advertiser.ts";
import { Icmp6Socket } from "../../src/linux/icmp6.ts";
import { ALL_ROUTERS } from "../../src/linux/multicast.ts";
import { Poller } from "../../src/linux/poller.ts";
import { decodeDiscovery, encodeDiscovery } from "../../src/linux/router-advertisement.ts";
import { addAddress } from "../../src/linux/rtnetlink/address.ts";
import { deleteLink, setLinkUp } from "../../src/linux/rtnetlink/link.ts";
import { Rtnetlink } from "../../src/linux/rtnetlink/rtnetlink.ts";
import type { Clock } from "../../src/std/clock.ts";
import { pair, veth } from "../linux/sandbox.ts";

/** A clock of which the test says when the next task is due. */
class Tasks implements Clock {
  readonly due: { ms: number; task: () => void }[] = [];
  now = () => 0;
  wallTime = () => 0;

  after(ms: number, task: () => void): Disposable {
    const entry = { ms, task };
    this.due.push(entry);
    return { [Symbol.dispose]: () => void this.due.splice(this.due.indexOf(entry), 1) };
  }

  runNext(): void {
    this.due.shift()?.task();
  }
}

function advertise(t: Test, interfaces: readonly AdvertisedInterface[]) {
  const [a, b] = pair(t).ends;
  const stack = new DisposableStack();
  t.teardown(() => stack.dispose());
  const poller = stack.use(new Poller());
  const socket = stack.use(Icmp6Socket.open(b.netns));
  socket.join(b.ifindex);
  const clock = new Tasks();
  const start = () => stack.use(new Advertiser(interfaces, { netns: a.netns, clock, poller }));
  const heard = () =>
    new Promise<ReturnType<typeof decodeDiscovery>[]>((resolve) => {
      const watch = poller.watch(socket.fd, () => {
        watch[Symbol.dispose]();
        resolve(socket.receive().map((packet) => decodeDiscovery(packet.packet, packet)));
      });
    });
  return { a, b, clock, heard, socket, start };
}

t.test("it advertises at once, and again every three seconds, for as long as it lives", async (t) => {
  const { clock, heard, start, a } = advertise(t, [{ ifname: "eth0", lifetime: 1800 }]);
  const advertiser = start();
  const expected = { type: "routerAdvertisement", lifetime: 1800, sourceMac: a.mac, intervalMs: 3000 };
  t.match(await heard(), [expected]);
  t.strictSame(
    clock.due.map(({ ms }) => ms),
    [3000],
  );
  clock.runNext();
  t.match(await heard(), [expected]);
  advertiser[Symbol.dispose]();
  t.strictSame(clock.due, []);
});

t.test("whoever asks is answered at once (RFC 4861 §6.2.6)", async (t) => {
  const { b, heard, socket, start } = advertise(t, [{ ifname: "eth0", lifetime: 0 }]);
  start();
  await heard();
  const solicitation = encodeDiscovery({ type: "routerSolicitation", sourceMac: b.mac });
  socket.send({ ifindex: b.ifindex, to: ALL_ROUTERS, packet: solicitation });
  t.match(await heard(), [{ type: "routerAdvertisement", lifetime: 0 }]);
});

t.test("an interface that is down, or gone and back, is tried again", async (t) => {
  const { a, b, clock, heard, socket, start } = advertise(t, [{ ifname: "eth0", lifetime: 0 }]);
  using rtnetlink = Rtnetlink.open(a.netns);
  rtnetlink.request([deleteLink("eth0")]);
  start();
  veth([a, b]);
  clock.runNext();
  for (const end of [a, b]) {
    using rtnetlink = Rtnetlink.open(end.netns);
    rtnetlink.request([setLinkUp("eth0"), addAddress({ ...end, length: 64 })]);
  }
  socket.leave(b.ifindex);
  socket.join(b.ifindex);
  const heardAgain = heard();
  let done = false;
  heardAgain.finally(() => (done = true));
  // The kernel takes a moment until it sends over a new link.
  while (!done) {
    clock.runNext();
    await setImmediate();
  }
  t.match((await heardAgain)[0], { type: "routerAdvertisement" });
});
