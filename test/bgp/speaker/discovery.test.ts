import t from "tap";
import { Discovery } from "../../../src/bgp/speaker/discovery.ts";
import type { LinkState } from "../../../src/bgp/speaker/host.ts";
import { withoutLink } from "../../../src/bgp/speaker/links.ts";
import type { Neighborhood } from "../../../src/bgp/speaker/neighbors.ts";
import { Turns } from "../../../src/bgp/speaker/turns.ts";
import { ALL_NODES, ALL_ROUTERS } from "../../../src/linux/multicast.ts";
import { decodeDiscovery, encodeDiscovery } from "../../../src/linux/router-advertisement.ts";
import { SystemError } from "../../../src/linux/system-error.ts";
import type { Address } from "../../../src/net/address.ts";
import { MemoryNetwork } from "../../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";

const address = (text: string) => text as Address;

function link(ifname: string, ifindex: number, change: Partial<LinkState> = {}): LinkState {
  const mac = `02:fe:80:00:00:0${ifindex}`;
  return { ifname, ifindex, running: true, linkLocal: address("fe80::1"), mac, ...change };
}

interface Sent {
  readonly to: string;
  readonly type: string;
  readonly atMs: number;
  /** Of an advertisement that offers a default router. */
  readonly lifetime?: number;
}

/** Discovery of one router on a machine that only takes note of what is sent. */
function create() {
  const clock = new VirtualClock();
  const host = new MemoryNetwork(clock).host("r1");
  const heard: Record<string, Neighborhood> = {};
  const notes: string[] = [];
  const sent: Sent[] = [];
  const joined: number[] = [];
  host.joinDiscovery = (ifindex) => void joined.push(ifindex);
  host.sendDiscovery = ({ ifindex, address }, packet) => {
    const message = decodeDiscovery(packet, { from: "fe80::1" as Address, hopLimit: 255 });
    const { type } = message;
    const lifetime = type === "routerAdvertisement" ? message.lifetime : 0;
    sent.push({ to: `${address}%${ifindex}`, type, atMs: clock.now(), ...(lifetime > 0 && { lifetime }) });
  };
  let onPacket: Parameters<typeof host.receiveDiscovery>[0] = () => {};
  host.receiveDiscovery = (listener) => {
    onPacket = listener;
  };
  const lifetimes: Record<string, number> = {};
  const discovery = new Discovery({
    lifetimeOf: (ifname) => lifetimes[ifname] ?? 0,
    isPeer: () => false,
    host,
    clock,
    turns: new Turns(clock),
    random: () => 0.5,
    owner: {
      heard: (ifname, neighborhood) => {
        heard[ifname] = neighborhood;
      },
      note: (ifname, message) => notes.push(`${ifname}: ${message}`),
    },
  });
  const arrive = (ifindex: number, from: string, packet: Uint8Array, hopLimit = 255) =>
    onPacket({ from: { ifindex, address: address(from) }, hopLimit, packet });
  return { clock, discovery, host, heard, notes, sent, joined, lifetimes, arrive };
}

const advertisement = (mac?: string) =>
  encodeDiscovery({
    type: "routerAdvertisement",
    hopLimit: 64,
    lifetime: 0,
    sourceMac: mac,
    intervalMs: 10_000,
  });
const solicitation = encodeDiscovery({ type: "routerSolicitation", sourceMac: undefined });

t.test("an interface that comes up is joined, advertised on and solicited on, at once", async (t) => {
  const { discovery, sent, joined } = create();
  discovery.linkChanged(link("eth0", 1, { running: false }));
  discovery.linkChanged(link("eth0", 1, { linkLocal: undefined }));
  t.strictSame(sent, []);
  discovery.linkChanged(link("eth0", 1));
  discovery.linkChanged(link("eth0", 1));
  t.strictSame(joined, [1]);
  t.strictSame(sent, [
    { to: `${ALL_NODES}%1`, type: "routerAdvertisement", atMs: 0 },
    { to: `${ALL_ROUTERS}%1`, type: "routerSolicitation", atMs: 0 },
  ]);
});

t.test("a packet is of the interface that it came in on, whatever its addresses", async (t) => {
  const { discovery, heard, arrive } = create();
  discovery.linkChanged(link("eth0", 1));
  discovery.linkChanged(link("eth1", 2));
  arrive(2, "fe80::9", advertisement());
  t.strictSame(Object.keys(heard), ["eth1"]);
  arrive(1, "fe80::9", advertisement());
  t.match(heard, { eth0: { heard: ["fe80::9"] }, eth1: { heard: ["fe80::9"] } });
  arrive(3, "fe80::9", advertisement());
  t.strictSame(Object.keys(heard), ["eth1", "eth0"], "and of no session if it is of none's interface");
  discovery.linkChanged(link("eth0", 1, { running: false }));
  t.match(heard, { eth0: { heard: [] }, eth1: { heard: ["fe80::9"] } });
});

t.test("our own packets are ignored, by our address and by our link-layer address", async (t) => {
  const { discovery, heard, arrive, sent } = create();
  discovery.linkChanged(link("eth0", 1));
  sent.length = 0;
  arrive(1, "fe80::1", advertisement());
  arrive(1, "fe80::77", advertisement("02:fe:80:00:00:01"));
  arrive(1, "fe80::1", solicitation);
  t.strictSame([heard, sent], [{}, []]);
});

t.test("a packet that is not valid is noted and ignored (RFC 4861 §6.1.2)", async (t) => {
  const { discovery, heard, notes, arrive } = create();
  discovery.linkChanged(link("eth0", 1));
  arrive(1, "fe80::9", advertisement(), 254);
  t.strictSame(heard, {});
  t.strictSame(notes, ["eth0: ignored a packet from fe80::9: hop limit 254 is not 255"]);
});

t.test("a solicitation is answered at once, or soon if it has no address (RFC 4861 §6.2.6)", async (t) => {
  const { clock, discovery, sent, arrive } = create();
  discovery.linkChanged(link("eth0", 1));
  clock.advance(7000);
  sent.length = 0;
  arrive(1, "fe80::9", solicitation);
  t.strictSame(sent, [{ to: "fe80::9%1", type: "routerAdvertisement", atMs: 7000 }]);
  arrive(1, "::", solicitation);
  clock.advance(2000);
  t.match(sent.at(-1), { to: `${ALL_NODES}%1`, type: "routerAdvertisement", atMs: 9000 });
});

t.test("nobody answers: the neighborhood says so", async (t) => {
  const { clock, discovery, heard, sent } = create();
  discovery.linkChanged(link("eth0", 1));
  clock.advance(60_000);
  t.equal(sent.filter(({ type }) => type === "routerSolicitation").length, 3);
  t.strictSame(heard, { eth0: { heard: [], silence: "nobody answered 3 Router Solicitations" } });
});

t.test("who falls silent is forgotten, and the neighborhood says since when", async (t) => {
  const { clock, discovery, heard, arrive } = create();
  discovery.linkChanged(link("eth0", 1));
  arrive(1, "fe80::9", advertisement());
  clock.advance(20_000);
  arrive(1, "fe80::8", advertisement());
  t.strictSame(heard["eth0"]?.heard, ["fe80::9", "fe80::8"]);
  clock.advance(10_000);
  t.strictSame(heard["eth0"]?.heard, ["fe80::8"]);
  clock.advance(20_000);
  t.strictSame(heard["eth0"], { heard: [], silence: "fe80::8 was last heard at 2026-01-29T00:00:20.000Z" });
});

t.test("an address of ours that is new is made known at once (RFC 4861 §6.2.8)", async (t) => {
  const { clock, discovery, heard, sent, arrive } = create();
  discovery.linkChanged(link("eth0", 1));
  arrive(1, "fe80::9", advertisement());
  clock.advance(30_000 - 1);
  sent.length = 0;
  discovery.linkChanged(link("eth0", 1, { linkLocal: address("fe80::5") }));
  t.strictSame(sent, [{ to: `${ALL_NODES}%1`, type: "routerAdvertisement", atMs: 29_999 }]);
  t.strictSame(heard["eth0"]?.heard, ["fe80::9"], "which changes nobody else's");
  arrive(1, "fe80::5", advertisement());
  t.strictSame(heard["eth0"]?.heard, ["fe80::9"], "and is ours from now on");
});

t.test("an interface that is made anew begins anew, under another index too", async (t) => {
  const { clock, discovery, heard, sent, joined, arrive } = create();
  discovery.linkChanged(link("eth0", 1));
  arrive(1, "fe80::9", advertisement());
  discovery.linkChanged(withoutLink(link("eth0", 1)));
  t.strictSame(heard["eth0"]?.heard, []);
  sent.length = 0;
  clock.advance(60_000);
  t.strictSame(sent, [], "nothing is sent meanwhile");
  discovery.linkChanged(link("eth0", 4));
  arrive(4, "fe80::8", advertisement());
  t.strictSame(heard["eth0"]?.heard, ["fe80::8"]);
  t.strictSame(joined, [1, 4]);
  t.ok(sent.every(({ to }) => to.endsWith("%4")));
});

t.test("what cannot be sent is noted, and tried again in its time", async (t) => {
  const { clock, discovery, notes, host, sent } = create();
  const { sendDiscovery } = host;
  host.sendDiscovery = () => {
    throw new SystemError({ call: "sendto", object: "ff02::1%1", errno: 100 });
  };
  discovery.linkChanged(link("eth0", 1));
  t.strictSame(new Set(notes), new Set(["eth0: sendto ff02::1%1: ENETDOWN (network is down)"]));
  host.sendDiscovery = sendDiscovery;
  clock.advance(3000);
  t.match(sent, [{ to: `${ALL_NODES}%1`, type: "routerAdvertisement", atMs: 3000 }]);
});

t.test("a bug is not taken for a link that is gone", async (t) => {
  const { discovery, host } = create();
  host.sendDiscovery = () => {
    throw new TypeError("a bug");
  };
  t.throws(() => discovery.linkChanged(link("eth0", 1)), { message: "a bug" });
});

t.test("how long we are a default router is told at once, and that we are none when we leave", async (t) => {
  const { clock, discovery, sent, lifetimes } = create();
  discovery.linkChanged(link("eth0", 1));
  discovery.linkChanged(link("eth1", 2));
  clock.advance(30_000 - 1);
  sent.length = 0;
  lifetimes["eth0"] = 1800;
  discovery.lifetimeChanged("eth0");
  const advertised = { to: `${ALL_NODES}%1`, type: "routerAdvertisement", atMs: 29_999 };
  t.strictSame(sent, [{ ...advertised, lifetime: 1800 }]);
  clock.advance(60_000);
  const others = sent.filter(({ to, type }) => to === `${ALL_NODES}%2` && type === "routerAdvertisement");
  t.ok(others.every(({ lifetime }) => lifetime === undefined));
  sent.length = 0;
  discovery[Symbol.dispose]();
  t.strictSame(sent, [{ ...advertised, atMs: 89_999 }], "a lifetime of 0 (RFC 4861 §6.2.5)");
});
