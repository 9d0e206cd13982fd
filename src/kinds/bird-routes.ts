import { parseAddress } from "../net/address.ts";
import { type Prefix, parsePrefix } from "../net/prefix.ts";
import { type KernelTable, kernelWords, readKernelTable } from "./kernel-routes.ts";
import { learned, originated, type Route } from "./route.ts";

/**
 * The best routes out of `show route all primary`, each with what the kernel made of it.
 *
 * @param kernel outputs of `ip -json route show proto bird`, one a family
 */
export function readBirdRoutes(output: string, kernel: readonly string[]): Route[] {
  const table = readKernelTable(kernel);
  return output.split(/\n(?=\S)/).flatMap((text) => {
    const [, network = "", type] = /^(\S+)\s+(unicast|blackhole) \[/.exec(text) ?? [];
    const prefix = parsePrefix(network);
    if (typeof prefix !== "string") return [];
    return type === "blackhole" ? originated(prefix) : readLearned(prefix, { text, table });
  });
}

function readLearned(prefix: Prefix, { text, table }: { text: string; table: KernelTable }): Route {
  const [, host = "", via = ""] = /^\tvia (\S+) on (\S+)/m.exec(text) ?? [];
  const [, asPath = ""] = /^\tBGP\.as_path: (.*)$/m.exec(text) ?? [];
  return learned({
    prefix,
    via,
    nextHop: parseAddress(host) ?? null,
    asPath: asPath.trim(),
    decidedBy: "BIRD's choice",
    kernel: kernelWords(table, { prefix, vias: [via] }),
  });
}
