import t from "tap";
import { addAddress, deleteAddress } from "../../../src/linux/rtnetlink/address.ts";
import { deleteLink, getLink, setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
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
  t.same(rtnetlink.send([addAddress(v4), addAddress(v6), addAddress(v4)]), [undefined, undefined, undefined]);
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
