import * as v from "valibot";
import { splitHint } from "../bgp/config/message.ts";
import { hostAddressField } from "../topology/host-fields.ts";
import type { Mistake } from "../topology/source.ts";
import type { ClabEnd, ClabNode, Said } from "./clab-file.ts";

/** `ip addr add 10.1.0.10/24 dev eth1`, with the words that ip(8) takes for shorter. */
const addAddress =
  /^ip(?:\s+-[46])?\s+a(?:ddr(?:ess)?)?\s+a(?:dd)?\s+(?<address>\S+)\s+dev\s+(?<ifname>\S+)$/;

/**
 * The addresses that a host's commands give to its interface.
 *
 * @param end its only end of a link; undefined for what is no host
 * @returns with the commands that mean something else
 */
export function hostAddresses(
  { exec }: ClabNode,
  end: ClabEnd | undefined,
): { addresses: string[]; mistakes: Mistake[]; rest: Said[] } {
  const [addresses, mistakes, rest]: [string[], Mistake[], Said[]] = [[], [], []];
  for (const command of exec) {
    const { address, ifname } = addAddress.exec(command.text.trim())?.groups ?? {};
    if (address === undefined || end === undefined || ifname !== end.ifname) {
      rest.push(command);
      continue;
    }
    const { issues } = v.safeParse(hostAddressField, address);
    if (issues === undefined) addresses.push(address);
    else mistakes.push({ span: command.span, ...splitHint(issues[0].message) });
  }
  return { addresses, mistakes, rest };
}
