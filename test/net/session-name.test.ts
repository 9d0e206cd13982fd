import t from "tap";
import type { Address } from "../../src/net/address.ts";
import { isIfname } from "../../src/net/endpoint.ts";
import { formatSessionEnd, sessionName } from "../../src/net/session-name.ts";

t.test("a session is called after its interface, and after its peer where that is told", async (t) => {
  t.equal(sessionName({ ifname: "eth0", peer: null }), "eth0");
  const shared = sessionName({ ifname: "eth0", peer: "fe80::3" as Address });
  t.equal(shared, "eth0/fe80::3");
  t.equal(formatSessionEnd({ router: "r1", session: shared }), "r1:eth0/fe80::3");
  t.notOk(isIfname(shared), "no interface can be called so");
});
