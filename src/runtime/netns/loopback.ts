import { addAddress, deleteAddress } from "../../linux/rtnetlink/address.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../net/address.ts";

/** Gives a router these addresses of `lo`, beside those that the kernel gives it, and takes all others. @throws {SystemError} */
export function setLoopback(netns: string, addresses: readonly Address[]): void {
  using rtnetlink = Rtnetlink.open(netns);
  const present = rtnetlink
    .addresses()
    .filter(({ ifindex, address }) => ifindex === LO && !kernels.includes(address));
  const isPresent = (address: Address) => present.some((each) => each.address === address);
  rtnetlink.request([
    ...present.filter(({ address }) => !addresses.includes(address)).map(deleteAddress),
    ...addresses.filter((address) => !isPresent(address)).map(loopbackAddress),
  ]);
}

/** Gives `lo` an address with its whole length. */
export function loopbackAddress(address: Address): NetlinkRequest {
  return addAddress({ ifindex: LO, address, length: address.includes(":") ? 128 : 32 });
}

/** Index of `lo` in every namespace. */
const LO = 1;

/** What `lo` has as soon as it is up. */
const kernels = ["127.0.0.1", "::1"];
