import t from "tap";
import { type RecordedKind, recorded, statusOf, verdictWith } from "./recorded.ts";

const kinds: readonly RecordedKind[] = ["frr", "gobgp", "openbgpd", "exabgp"];

for (const kind of kinds) {
  t.test(`what ${kind} tells of a session and of routes is all that a lab needs to converge`, async (t) => {
    t.ok(recorded(kind, "established").length > 0, "there are recordings");
    const status = statusOf(kind, "established");
    t.strictSame(status.routers, [{ router: "r2", asn: 64513, routerId: "0.0.0.2" }]);
    t.match(status.sessions, [
      {
        router: "r2",
        ifname: "eth0",
        state: "Established",
        peerAsn: 64512,
        peerRouterId: "0.0.0.1",
        holdTime: 9,
        families: kind === "openbgpd" ? [6] : [4, 6],
        establishedCount: 1,
        waitingFor: null,
      },
    ]);
    t.type(status.sessions[0]?.connectionId, "string");
    t.match(
      status.routes.find(({ prefix }) => prefix === "2001:db8:1::/48"),
      {
        via: "eth0",
        nextHop: "fe80::1",
        asPath: "64512",
        kernel: kind === "frr" ? "installed" : "none",
      },
    );
    t.match(
      status.routes.find(({ prefix }) => prefix === "2001:db8:2::/48"),
      { via: null, nextHop: null, asPath: "", decidedBy: "originated here", kernel: "connected" },
    );
    t.strictSame(verdictWith(kind, status).problems, []);
    t.ok(verdictWith(kind, status).converged);
  });

  t.test(`a session that ${kind} has lost is told with why, and its routes are gone`, async (t) => {
    const { sessions, routes } = statusOf(kind, "lost");
    const [session] = sessions;
    t.not(session?.state, "Established");
    t.match(session, { ifname: "eth0", connectionId: null, waitingFor: /./ });
    t.ok(routes.every(({ via }) => via === null));
    t.match(verdictWith(kind, { ...statusOf(kind, "lost") }).problems, [
      { type: "session", router: "r2", reason: /^r2:eth0 with r1:eth0 is (Idle|Active), waiting for / },
    ]);
  });
}
