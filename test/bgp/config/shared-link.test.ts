import t from "tap";
import { parseSpeakerConfig } from "../../../src/bgp/config/parse.ts";

const session = (change: object) => ({ ifname: "eth0", remoteAs: "any", ...change });

/** What is wrong with a router's sessions, a line each. */
function mistakes(...sessions: object[]): string[] {
  const router = { name: "r1", asn: 64512, routerId: "0.0.0.1", sessions };
  try {
    parseSpeakerConfig({ control: "/run/c", routers: [router] });
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
}

t.test("several sessions share an interface if each is told another peer", async (t) => {
  t.strictSame(mistakes(session({ peer: "fe80::2" }), session({ peer: "fe80::3" })), []);
  t.strictSame(mistakes(session({ peer: "fe80::2" }), session({ ifname: "eth1", peer: "fe80::2" })), []);
  t.strictSame(mistakes(session({ peer: "fe80::2" }), session({ peer: "fe80::2" })), [
    '  routers[0].sessions[1]: "eth0/fe80::2" is there already, at [0]',
  ]);
  t.strictSame(mistakes(session({ peer: "fe80::2" }), session({})), [
    "  routers[0].sessions[1]: eth0 has another session, at [0], and only one of the two is told its peer (on a shared link each session has a peer)",
  ]);
  t.strictSame(mistakes(session({ peer: "2001:db8::2" })), [
    '  routers[0].sessions[0].peer: "2001:db8::2" is not in fe80::/64 (write it as "fe80::1")',
  ]);
  t.strictSame(mistakes(session({ peer: "fe80::2", linkLocal: "fe80::2" })), [
    "  routers[0].sessions[0]: fe80::2 is the router's own address",
  ]);
});

t.test("what belongs to the interface is the same for all of its sessions", async (t) => {
  for (const [field, value] of [
    ["linkLocal", "fe80::9"],
    ["md5Key", "secret"],
    ["minHopLimit", 255],
    ["routerLifetime", 1800],
  ] as const) {
    t.strictSame(mistakes(session({ peer: "fe80::2" }), session({ peer: "fe80::3", [field]: value })), [
      `  routers[0].sessions[1]: ${field} is not that of eth0/fe80::2, which is on the same interface (it is one for all sessions of an interface)`,
    ]);
  }
});
