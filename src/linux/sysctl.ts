import { writeFileSync } from "node:fs";
import { fromNode } from "./file-descriptor.ts";
import { inNetns } from "./netns.ts";

/**
 * What a router's namespace is set to before it has any link (kernel: Documentation/networking/ip-sysctl.rst).
 *
 * It forwards, takes no address but those it is given (`addr_gen_mode` 1 is none), and uses those at once.
 */
export const ROUTER_SYSCTLS: Readonly<Record<string, number>> = {
  "ipv4/ip_forward": 1,
  "ipv4/conf/all/rp_filter": 0,
  "ipv4/conf/default/rp_filter": 0,
  "ipv6/conf/all/forwarding": 1,
  "ipv6/conf/default/forwarding": 1,
  "ipv6/conf/all/accept_dad": 0,
  "ipv6/conf/default/accept_dad": 0,
  "ipv6/conf/all/accept_ra": 0,
  "ipv6/conf/default/accept_ra": 0,
  "ipv6/conf/default/addr_gen_mode": 1,
};

/** What a host's namespace is set to: as a router's, but it forwards nothing. */
export const HOST_SYSCTLS: Readonly<Record<string, number>> = {
  ...ROUTER_SYSCTLS,
  "ipv4/ip_forward": 0,
  "ipv6/conf/all/forwarding": 0,
  "ipv6/conf/default/forwarding": 0,
};

/** What a namespace of bridges is set to: it says nothing on its links itself. */
export const BRIDGE_SYSCTLS: Readonly<Record<string, number>> = {
  "ipv6/conf/all/disable_ipv6": 1,
  "ipv6/conf/default/disable_ipv6": 1,
};

/** Sets values below /proc/sys/net of a namespace; they hold for links made later. @throws {SystemError} */
export function setSysctls(
  netnsPath: string | null,
  values: Readonly<Record<string, number | string>>,
): void {
  // /proc/sys/net shows the namespace of whoever looks.
  inNetns(netnsPath, () => {
    for (const [name, value] of Object.entries(values)) {
      const path = `/proc/sys/net/${name}`;
      try {
        writeFileSync(path, String(value));
      } catch (error) {
        throw fromNode("write", `${value} to ${path} in ${netnsPath ?? "this namespace"}`, error);
      }
    }
  });
}
