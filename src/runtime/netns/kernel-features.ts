import { inNewNetns } from "../../linux/netns.ts";
import { addBridge } from "../../linux/rtnetlink/link.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import { needsNetem, shape } from "../../linux/rtnetlink/qdisc.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import type { LinkPlan } from "../../plan/plan.ts";
import { LabError } from "../../std/errors.ts";
import { KernelFeatureMissingError } from "../errors.ts";

/** Index of `lo`, which every namespace has. */
const LO = 1;

const plain = { rate: null, delay: 0, jitter: 0, loss: 0 };

/** Tries the queues that links need, in a namespace that is gone at once. @throws {KernelFeatureMissingError} */
export function requireQueues(links: readonly Pick<LinkPlan, "conditions">[]): void {
  const conditions = links.flatMap((link) => link.conditions ?? []);
  if (conditions.some(needsNetem)) {
    requireQueue({ ...plain, delay: 1 }, "delay, jitter and loss need the kernel's netem (module sch_netem)");
  }
  if (conditions.some(({ rate }) => rate !== null)) {
    requireQueue({ ...plain, rate: 1e6 }, "rate needs the kernel's token buckets (module sch_tbf)");
  }
}

/** Tries a bridge, which shared links need, in the same way. @throws {KernelFeatureMissingError} */
export function requireBridges(): void {
  const hint = "install the modules of this kernel, or let no more than two routers share a link";
  attempt([addBridge({ ifname: "lan1", mtu: 1500 })], {
    message: "shared links need the kernel's bridges (module bridge)",
    hint,
  });
}

function requireQueue(shaping: Parameters<typeof shape>[1], message: string): void {
  const hint = "install the modules of this kernel, or leave the keys out of the links";
  attempt(shape(LO, shaping), { message, hint });
}

function attempt(
  requests: readonly NetlinkRequest[],
  { message, hint }: { message: string; hint: string },
): void {
  try {
    inNewNetns(() => {
      using rtnetlink = Rtnetlink.open(null);
      rtnetlink.request(requests);
    });
  } catch (cause) {
    if (!(cause instanceof LabError)) throw cause;
    throw new KernelFeatureMissingError(`${message}, which this kernel does not have`, { cause, hint });
  }
}
