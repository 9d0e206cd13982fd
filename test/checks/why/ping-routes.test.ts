import t from "tap";
import { pingRoutes } from "../../../src/checks/why/ping-routes.ts";
import { planOf } from "../../support/lab-status.ts";

const plan = planOf(`name: pings
routers:
  r1: { originate: [10.0.0.0/8, 10.0.1.0/24] }
  r2: { originate: [10.0.2.0/24, 2001:db8:2::/48] }
  h1: { kind: host, addresses: [10.1.1.10/24] }
links: [r1 -- r2, r1 -- h1]`);

const routes = (router: string, to: string) =>
  pingRoutes(plan, { router, to }).map(({ router, prefix }) => `${router} ${prefix}`);

t.test(
  "a request needs the longest prefix around its target, and its answer that around its source",
  async (t) => {
    t.strictSame(routes("r2", "r1"), ["r2 10.0.0.0/8", "r1 10.0.2.0/24"]);
  },
);

t.test("for a host its router must have the route", async (t) => {
  t.strictSame(routes("h1", "r2"), ["r1 10.0.2.0/24", "r2 10.1.1.0/24"]);
});

t.test("to an address that nobody has leads no way back, and perhaps none there", async (t) => {
  t.strictSame(routes("r2", "10.0.1.77"), ["r2 10.0.1.0/24"]);
  t.strictSame(routes("r2", "192.0.2.1"), []);
});
