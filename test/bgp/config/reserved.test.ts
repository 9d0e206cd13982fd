import t from "tap";
import { reservedUse } from "../../../src/bgp/config/reserved.ts";
import { prefix } from "../../../src/net/prefix.ts";

t.test("no router may originate a prefix inside a block that is not unicast", async (t) => {
  for (const [text, use] of [
    ["127.0.0.1/32", "loopback"],
    ["169.254.7.0/24", "link-local"],
    ["239.0.0.0/8", "multicast"],
    ["255.255.255.255/32", "the broadcast address"],
    ["0.1.0.0/16", "no unicast prefix (RFC 1122 §3.2.1.3)"],
    ["::1/128", "loopback"],
    ["::/128", "the unspecified address"],
    ["febf::/16", "link-local"],
    ["ff02::1/128", "multicast"],
  ] as const) {
    t.equal(reservedUse(prefix(text)), use, text);
  }
});

t.test("all others may be originated, default routes and halves of everything included", async (t) => {
  for (const text of [
    "0.0.0.0/0",
    "::/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "10.0.0.0/8",
    "240.0.0.0/4",
    "fec0::/10",
    "fc00::/7",
  ]) {
    t.equal(reservedUse(prefix(text)), undefined, text);
  }
});
