import t from "tap";
import { addAddress, deleteAddress } from "../../../src/linux/rtnetlink/address.ts";
import { deleteLink, getLink, setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import {
  addRoute,
  deleteRoute,
  type KernelRoute,
  RTPROT_FE80,
  replaceRoute,
} from "../../../src/linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
import { type Prefix, prefix } from "../../../src/net/prefix.ts";
import { netns, pair, veth } from "../sandbox.ts";

const LO = 1;

t.test("a veth pair appears in place in two namespaces, and nowhere else", async (t) => {
  using host = Rtnetlink.open(null);
  const before = host.links();
  const { ends } = pair(t);
  t.same(host.links(), before, "the host has the links it had");
  for (const { netns, mac, address } of ends) {
    using rtnetlink = Rtnetlink.open(netns);
    const links = rtnetlink.links();
    t.same(links.map(({ ifname }) => ifname).sort(), ["eth0", "lo", ...others(links)].sort());
    t.same(
      links.find(({ ifname }) => ifname === "eth0"),
      { ifindex: 100, ifname: "eth0", mac, mtu: 1500, up: true, running: true },
    );
    t.same(
      rtnetlink.addresses().filter(({ ifindex }) => ifindex === 100),
      [{ ifindex: 100, address, length: 64, tentative: false }],
      "no address but the one that was given",
    );
  }
});

/** Devices that some kernels put into every namespace, such as `sit0`. */
function others(links: readonly { ifname: string }[]): string[] {
  return links.map(({ ifname }) => ifname).filter((ifname) => ifname !== "eth0" && ifname !== "lo");
}

t.test("deleting one end takes the other with it", async (t) => {
  const [a, b] = pair(t).ends;
  using first = Rtnetlink.open(a.netns);
  using second = Rtnetlink.open(b.netns);
  first.request([deleteLink("eth0")]);
  t.notOk(second.links().some(({ ifname }) => ifname === "eth0"));
  t.same(first.send([deleteLink("eth0")]), ["ENODEV"]);
});

t.test("a link that goes down does not run, and its peer loses its carrier", async (t) => {
  const [a, b] = pair(t).ends;
  using first = Rtnetlink.open(a.netns);
  using second = Rtnetlink.open(b.netns);
  first.request([setLinkDown("eth0")]);
  second.request([getLink("eth0")]);
  const eth0 = (rtnetlink: Rtnetlink) => rtnetlink.links().find(({ ifname }) => ifname === "eth0");
  t.match(eth0(first), { up: false, running: false });
  t.match(eth0(second), { up: true, running: false });
});

t.test("a refusal names the operation, the object, the namespace and the error", async (t) => {
  const path = netns(t);
  using rtnetlink = Rtnetlink.open(path);
  t.throws(() => rtnetlink.request([setLinkUp("lo"), setLinkUp("eth7"), setLinkUp("lo")]), {
    code: "SYSTEM_CALL_FAILED",
    call: "set up link",
    object: `eth7 in ${path}`,
    errnoName: "ENODEV",
    message: `set up link eth7 in ${path}: ENODEV (no such device)`,
  });
  t.throws(() => Rtnetlink.open("/run/netns/fe80test.nowhere"), { name: "SystemError", errnoName: "ENOENT" });
});

t.test("an index or a name that is taken is refused, and nothing is left behind", async (t) => {
  const [a, b] = pair(t).ends;
  const fresh = netns(t);
  t.throws(() => veth([{ ...a, netns: fresh }, b]), { name: "SystemError", errnoName: "EEXIST" });
  using rtnetlink = Rtnetlink.open(fresh);
  t.notOk(rtnetlink.links().some(({ ifname }) => ifname === "eth0"));
});

t.test("an address can be used at once, and be taken away", async (t) => {
  using rtnetlink = Rtnetlink.open(netns(t));
  rtnetlink.request([setLinkUp("lo")]);
  const v4 = { ifindex: LO, address: "10.0.0.1" as Address, length: 32 };
  const v6 = { ifindex: LO, address: "2001:db8::1" as Address, length: 128 };
  t.same(rtnetlink.send([addAddress(v4), addAddress(v6), addAddress(v4)]), [undefined, undefined, "EEXIST"]);
  const ours = rtnetlink
    .addresses()
    .filter(({ address }) => address === v4.address || address === v6.address);
  t.match(ours, [
    { ...v4, tentative: false },
    { ...v6, tentative: false },
  ]);
  t.same(rtnetlink.send([deleteAddress(v4), deleteAddress(v6)]), [undefined, undefined]);
  t.notOk(rtnetlink.addresses().some(({ address }) => address === v4.address || address === v6.address));
});

const route = (text: string, gateway: string, ifindex = 100): KernelRoute => ({
  prefix: prefix(text),
  protocol: RTPROT_FE80,
  ifindex,
  gateway: gateway as Address,
});

t.test("routes of both families go through a link-local gateway (RFC 8950)", async (t) => {
  const [a] = pair(t).ends;
  using rtnetlink = Rtnetlink.open(a.netns);
  const routes = [route("10.1.0.0/16", "fe80::2"), route("2001:db8::/48", "fe80::2")];
  t.same(rtnetlink.send(routes.map(addRoute)), [undefined, undefined]);
  t.same(rtnetlink.routes(RTPROT_FE80), routes);
  t.same(rtnetlink.send(routes.map(addRoute)), ["EEXIST", "EEXIST"]);
  t.same(rtnetlink.send(routes.map(deleteRoute)), [undefined, undefined]);
  t.same(rtnetlink.routes(RTPROT_FE80), []);
  t.same(rtnetlink.send(routes.map(deleteRoute)), ["ESRCH", "ESRCH"]);
});

t.test("replacing leaves one route, whether there was one or none", async (t) => {
  const [a] = pair(t).ends;
  using rtnetlink = Rtnetlink.open(a.netns);
  for (const gateway of ["fe80::2", "fe80::3", "fe80::4"]) {
    const routes = [route("10.1.0.0/16", gateway), route("2001:db8::/48", gateway)];
    rtnetlink.request(routes.map(replaceRoute));
    t.same(rtnetlink.routes(RTPROT_FE80), routes);
  }
});

t.test("no route of ours takes the place of a connected one", async (t) => {
  const [a] = pair(t).ends;
  using rtnetlink = Rtnetlink.open(a.netns);
  rtnetlink.request([
    addAddress({ ifindex: 100, address: "10.9.0.1" as Address, length: 24 }),
    addAddress({ ifindex: 100, address: "2001:db8:9::1" as Address, length: 64 }),
  ]);
  const KERNEL = 2;
  const connected = rtnetlink.routes(KERNEL);
  t.ok(connected.some((r) => r.prefix === "10.9.0.0/24"));
  const ours = [route("10.9.0.0/24", "fe80::2"), route("2001:db8:9::/64", "fe80::2")];
  rtnetlink.request(ours.map(replaceRoute));
  t.same(rtnetlink.routes(KERNEL), connected);
  rtnetlink.request(ours.map(deleteRoute));
  t.same(rtnetlink.routes(KERNEL), connected);
});

t.test("thousands of requests each get their own answer", async (t) => {
  const [a] = pair(t).ends;
  using rtnetlink = Rtnetlink.open(a.netns);
  const count = 3000;
  const nth = (index: number, ifindex: number) =>
    route(`10.${index >> 8}.${index & 255}.0/24`, "fe80::2", ifindex);
  const results = rtnetlink.send(
    Array.from({ length: count }, (_, index) => replaceRoute(nth(index, index % 1000 === 999 ? 77 : 100))),
  );
  t.equal(results.length, count);
  t.same(
    [...results.entries()].filter(([, error]) => error !== undefined),
    [
      [999, "ENODEV"],
      [1999, "ENODEV"],
      [2999, "ENODEV"],
    ],
  );
  const installed = new Set<Prefix>(rtnetlink.routes(RTPROT_FE80).map((r) => r.prefix));
  t.equal(installed.size, count - 3);
});
