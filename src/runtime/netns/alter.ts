import { deleteNetns } from "../../linux/netns.ts";
import { deleteLink, setMtu } from "../../linux/rtnetlink/link.ts";
import { shape, unshape } from "../../linux/rtnetlink/qdisc.ts";
import type { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";

import type { Endpoint } from "../../net/endpoint.ts";
import { addedPart, type NetworkChange } from "../../plan/difference.ts";
import { bridgesMember } from "../../plan/far-end.ts";
import type { Site } from "./bridges.ts";
import { setLoopback } from "./loopback.ts";

import { memberNetns } from "./netns-name.ts";
import { Places } from "./places.ts";
import { indexesOf, nameOf, plumb, step, takeSteps } from "./plumb.ts";
import { Sockets } from "./sockets.ts";

type Change<Type extends NetworkChange["type"]> = Extract<NetworkChange, { type: Type }>;

/**
 * Changes the network of a lab: first what goes, then what comes, then what is otherwise from now on.
 *
 * @param options.existing paths by name of those namespaces that are not the runtime's to make, or to take away
 * @throws {PlumbingError} naming the router or link; the signal's reason; what was done stays
 */
export async function alter(
  lab: string,
  changes: readonly NetworkChange[],
  { signal, existing = new Map() }: { signal: AbortSignal; existing?: ReadonlyMap<string, string> },
): Promise<void> {
  using sockets = new Sockets();
  const places = new Places(existing);
  const site = { lab, sockets, places };
  const only = <Type extends NetworkChange["type"]>(...types: Type[]) =>
    changes.filter((change): change is Change<Type> => (types as string[]).includes(change.type));
  const removals = [
    ...only("unlink").flatMap((change) =>
      endsOf(change).map(({ router, ifname }) =>
        step(nameOf(change), () => removeLink(memberNetns(lab, router), ifname, site)),
      ),
    ),
    ...only("removeBridge").map(({ netns, bridge }) =>
      step(`bridge ${bridge}`, () => removeLink(netns, bridge, site)),
    ),
    ...only("removeRouter", "removeHost").map(({ name, netns }) => step(name, () => deleteNetns(netns))),
  ];
  await takeSteps(removals, signal);
  await plumb({ lab, ...addedPart(changes) }, { signal, existing });
  const settings = [
    ...only("setLink").map((change) => step(nameOf(change), () => setLink(change, site))),
    ...only("setLoopback").map(({ name, addresses }) =>
      step(`addresses of ${name}`, () => setLoopback(places.pathOf(memberNetns(lab, name)), addresses)),
    ),
  ];
  await takeSteps(settings, signal);
}

/** Either end would do, if those were not slow to go that were in a container. */
function endsOf({ ends, port }: Change<"unlink">): readonly Endpoint[] {
  return port === undefined ? ends : [...ends, { router: bridgesMember, ifname: port }];
}

/** With what it is linked with. */
function removeLink(netns: string, ifname: string, { sockets, places }: Site): void {
  if (!places.has(netns)) return;
  sockets.use(places.pathOf(netns), (rtnetlink) => {
    const isThere = rtnetlink.links().some((link) => link.ifname === ifname);
    if (isThere) rtnetlink.request([deleteLink(ifname)]);
  });
}

function setLink({ ends, bridge, mtu, conditions }: Change<"setLink">, { lab, sockets, places }: Site): void {
  for (const end of ends) {
    sockets.use(places.pathOf(memberNetns(lab, end.router)), (rtnetlink) => {
      const ifindex = indexesOf(rtnetlink, [end]).get(end.ifname) ?? 0;
      if (mtu !== undefined) rtnetlink.request([setMtu(end.ifname, mtu)]);
      if (conditions === undefined) return;
      rtnetlink.send([unshape(ifindex)]); // which fails if there is nothing
      if (conditions) rtnetlink.request(shape(ifindex, conditions));
    });
  }
  if (bridge && mtu !== undefined)
    sockets.use(places.pathOf(bridge.netns), (rtnetlink) => setBridgeMtu(rtnetlink, bridge.bridge, mtu));
}

/** Of the bridge and of its ports. */
function setBridgeMtu(rtnetlink: Rtnetlink, bridge: string, mtu: number): void {
  const ports = rtnetlink.links().filter(({ ifname }) => ifname.startsWith(`${bridge}-`));
  rtnetlink.request([...ports.map(({ ifname }) => setMtu(ifname, mtu)), setMtu(bridge, mtu)]);
}
