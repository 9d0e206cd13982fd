import { deleteNetns, listNetns, netnsPath } from "../../linux/netns.ts";
import { deleteLink, setMtu } from "../../linux/rtnetlink/link.ts";
import { shape, unshape } from "../../linux/rtnetlink/qdisc.ts";
import type { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import type { NetworkChange } from "../../plan/difference.ts";
import type { PlanPart } from "../runtime.ts";
import { setLoopback } from "./loopback.ts";
import { memberNetns } from "./netns-name.ts";
import { indexesOf, nameOf, plumb, step, takeSteps } from "./plumb.ts";
import { Sockets } from "./sockets.ts";

type Change<Type extends NetworkChange["type"]> = Extract<NetworkChange, { type: Type }>;

/**
 * Changes the network of a lab: first what goes, then what comes, then what is otherwise from now on.
 *
 * @throws {PlumbingError} naming the router or link; the signal's reason; what was done stays
 */
export async function alter(
  lab: string,
  changes: readonly NetworkChange[],
  { signal }: { signal: AbortSignal },
): Promise<void> {
  using sockets = new Sockets();
  const only = <Type extends NetworkChange["type"]>(...types: Type[]) =>
    changes.filter((change): change is Change<Type> => (types as string[]).includes(change.type));
  const removals = [
    ...only("unlink").flatMap((change) =>
      change.ends.map(({ router, ifname }) =>
        step(nameOf(change), () => removeLink(memberNetns(lab, router), ifname, sockets)),
      ),
    ),
    ...only("removeBridge").map(({ netns, bridge }) =>
      step(`bridge ${bridge}`, () => removeLink(netns, bridge, sockets)),
    ),
    ...only("removeRouter", "removeHost").map(({ name, netns }) => step(name, () => deleteNetns(netns))),
  ];
  const part: PlanPart = {
    lab,
    nodes: only("addRouter").map(({ node }) => node),
    hosts: only("addHost").map(({ host }) => host),
    links: only("link").map(({ link }) => link),
    segments: only("plug").map(({ segment }) => segment),
  };
  await takeSteps(removals, signal);
  await plumb(part, { signal });
  const settings = [
    ...only("setLink").map((change) => step(nameOf(change), () => setLink(change, { lab, sockets }))),
    ...only("setLoopback").map(({ name, addresses }) =>
      step(`addresses of ${name}`, () => setLoopback(netnsPath(memberNetns(lab, name)), addresses)),
    ),
  ];
  await takeSteps(settings, signal);
}

/** With what it is linked with. */
function removeLink(netns: string, ifname: string, sockets: Sockets): void {
  if (!listNetns().includes(netns)) return;
  sockets.use(netnsPath(netns), (rtnetlink) => {
    const isThere = rtnetlink.links().some((link) => link.ifname === ifname);
    if (isThere) rtnetlink.request([deleteLink(ifname)]);
  });
}

function setLink(
  { ends, bridge, mtu, conditions }: Change<"setLink">,
  { lab, sockets }: { lab: string; sockets: Sockets },
): void {
  for (const end of ends) {
    sockets.use(netnsPath(memberNetns(lab, end.router)), (rtnetlink) => {
      const ifindex = indexesOf(rtnetlink, [end]).get(end.ifname) ?? 0;
      if (mtu !== undefined) rtnetlink.request([setMtu(end.ifname, mtu)]);
      if (conditions === undefined) return;
      rtnetlink.send([unshape(ifindex)]); // which fails if there is nothing
      if (conditions) rtnetlink.request(shape(ifindex, conditions));
    });
  }
  if (bridge && mtu !== undefined)
    sockets.use(netnsPath(bridge.netns), (rtnetlink) => setBridgeMtu(rtnetlink, bridge.bridge, mtu));
}

/** Of the bridge and of its ports. */
function setBridgeMtu(rtnetlink: Rtnetlink, bridge: string, mtu: number): void {
  const ports = rtnetlink.links().filter(({ ifname }) => ifname.startsWith(`${bridge}-`));
  rtnetlink.request([...ports.map(({ ifname }) => setMtu(ifname, mtu)), setMtu(bridge, mtu)]);
}
