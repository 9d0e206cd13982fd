import t from "tap";
import type { LinkState } from "../../../src/bgp/speaker/host.ts";
import { Links, withoutLink } from "../../../src/bgp/speaker/links.ts";
import type { Address } from "../../../src/net/address.ts";

function link(ifname: string, ifindex: number): LinkState {
  return { ifname, ifindex, running: true, linkLocal: "fe80::1" as Address, mac: "02:fe:80:00:00:01" };
}

t.test("what is told of an interface is passed on, and known", async (t) => {
  const links = new Links();
  t.strictSame(links.update(link("eth0", 5)), [link("eth0", 5)]);
  t.strictSame(links.get("eth0"), link("eth0", 5));
  t.strictSame(links.withIndex(5), link("eth0", 5));
  const down = { ...link("eth0", 5), running: false };
  t.strictSame(links.update(down), [down]);
});

t.test("an interface that is gone is not known by its index either", async (t) => {
  const links = new Links();
  links.update(link("eth0", 5));
  t.strictSame(links.update(withoutLink(link("eth0", 5))), [withoutLink(link("eth0", 5))]);
  t.equal(links.get("eth0"), undefined);
  links.update(link("eth7", 5));
  t.equal(links.withIndex(5)?.ifname, "eth7");
});

t.test("the same name on another index: the old interface is gone first", async (t) => {
  const links = new Links();
  links.update(link("eth0", 5));
  t.strictSame(links.update(link("eth0", 9)), [withoutLink(link("eth0", 5)), link("eth0", 9)]);
  t.strictSame(links.update(withoutLink(link("eth0", 5))), [], "and its end is old news then");
  t.equal(links.get("eth0")?.ifindex, 9);
});

t.test("another name on the same index: the old name is gone", async (t) => {
  const links = new Links();
  links.update(link("eth0", 5));
  t.strictSame(links.update(link("eth1", 5)), [withoutLink(link("eth0", 5)), link("eth1", 5)]);
  t.equal(links.get("eth0"), undefined);
});

t.test("two interfaces that swap their names are told apart", async (t) => {
  const links = new Links();
  links.update(link("eth0", 5));
  links.update(link("eth1", 6));
  links.update(link("tmp", 5));
  links.update(link("eth0", 6));
  t.strictSame(links.update(link("eth1", 5)), [withoutLink(link("tmp", 5)), link("eth1", 5)]);
  t.equal(links.withIndex(6)?.ifname, "eth0");
});
