import t from "tap";
import type { Action } from "../../../src/bgp/session/action.ts";
import { type Negotiated, negotiate } from "../../../src/bgp/session/negotiation.ts";
import { ourOpen } from "../../../src/bgp/session/parameters.ts";
import type { State } from "../../../src/bgp/session/state.ts";
import { transition } from "../../../src/bgp/session/transition.ts";
import type { Capability, RouteRefresh } from "../../../src/bgp/wire/message.ts";
import { connectionId, parameters, peerParameters } from "../../support/session.ts";

/** What a ROUTE-REFRESH means, with and without RFC 7313. */

const id = connectionId("c");
const peerOpen = ourOpen(peerParameters);

/** What routing is told of a ROUTE-REFRESH on an Established session with a peer of such capabilities. */
function told(message: Omit<RouteRefresh, "type">, capabilities: readonly Capability[]): Action[] {
  const negotiated = negotiate({ ...peerOpen, capabilities }, parameters) as Negotiated;
  const connection = { id, direction: "outbound", phase: "established", negotiated } as const;
  const state: State = { name: "connected", connection };
  const event = { type: "message", connection: id, message: { type: "routeRefresh", ...message } } as const;
  return transition(state, event, parameters).actions.filter(({ type }) => type.startsWith("refresh"));
}

const { capabilities } = peerOpen;
const plain = capabilities.filter(({ type }) => type !== "enhancedRouteRefresh");

t.test(
  "it asks for routes, or marks where they begin and end; another subtype means nothing (RFC 7313)",
  async (t) => {
    const meaning = (subtype: number, afi = 2) => told({ afi, subtype, safi: 1 }, capabilities);
    t.strictSame(meaning(0), [{ type: "refreshRequested", family: 6 }]);
    t.strictSame(meaning(1), [{ type: "refreshBegins", family: 6 }]);
    t.strictSame(meaning(2, 1), [{ type: "refreshEnds", family: 4 }]);
    for (const subtype of [3, 255]) t.strictSame(meaning(subtype), []);
  },
);

t.test(
  "a peer that does not know RFC 7313 asks for routes, whatever the reserved octet (RFC 2918 §3)",
  async (t) => {
    for (const subtype of [0, 1, 2, 255]) {
      t.strictSame(told({ afi: 1, subtype, safi: 1 }, plain), [{ type: "refreshRequested", family: 4 }]);
    }
  },
);

t.test("families that we do not know are ignored (RFC 2918 §4)", async (t) => {
  for (const subtype of [0, 1, 2]) {
    t.strictSame(told({ afi: 1, subtype, safi: 128 }, capabilities), []);
    t.strictSame(told({ afi: 25, subtype, safi: 1 }, capabilities), []);
  }
});

t.test("marks need both ends, and a peer's graceful restart is noted (RFC 7313 §3.1)", async (t) => {
  const restart: Capability = {
    type: "gracefulRestart",
    restarting: false,
    notification: false,
    restartTime: 120,
    families: [],
  };
  const given = (all: readonly Capability[]) => negotiate({ ...peerOpen, capabilities: all }, parameters);
  t.match(given(capabilities), { enhancedRouteRefresh: true, gracefulRestart: undefined });
  t.match(given([...plain, restart]), { enhancedRouteRefresh: false, gracefulRestart: { families: [] } });
});
