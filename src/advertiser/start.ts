import { Poller } from "../linux/poller.ts";
import type { Clock } from "../std/clock.ts";
import { type AdvertisedInterface, Advertiser } from "./advertiser.ts";

/** Advertises in its own namespace from now on, until the result is disposed of; the process lives as long. @throws {SystemError} */
export function startAdvertiser(interfaces: readonly AdvertisedInterface[], clock: Clock): Disposable {
  const stack = new DisposableStack();
  const poller = stack.use(new Poller());
  stack.use(new Advertiser(interfaces, { netns: null, clock, poller }));
  return stack;
}
