import type { NodePlan } from "../plan/plan.ts";
import { birdConfig } from "./bird-config.ts";
import { readBirdStatus } from "./bird-status.ts";
import type { Daemon, Kind, KindContext } from "./kind.ts";

/** BIRD 2 (https://bird.network.cz), one process a router, accepting the sessions that its peers open. */
export const bird: Kind = {
  needs: { program: "bird", package: "bird2" },
  daemons: (nodes, context) => nodes.map((node) => daemon(node, context)),
};

function daemon(node: NodePlan, { directory }: KindContext): Daemon {
  const name = `bird-${node.name}`;
  const path = (extension: string) => `${directory}/${name}.${extension}`;
  const ask = (...command: string[]) => ["birdc", "-r", "-s", path("sock"), ...command] as const;
  const kernel = (family: string) =>
    ["ip", family, "-netns", node.netns, "-json", "route", "show", "proto", "bird"] as const;
  return {
    name,
    routers: [node.name],
    netns: node.netns,
    command: ["bird", "-f", "-c", path("conf"), "-s", path("sock"), "-P", path("pid")],
    files: [{ path: path("conf"), text: birdConfig(node.router) }],
    input: undefined,
    log: node.router.log ?? path("log"),
    probe: {
      type: "poll",
      commands: [
        ask("show", "protocols", "all"),
        ask("show", "route", "all", "primary"),
        kernel("-4"),
        kernel("-6"),
      ],
      read: (outputs) => readBirdStatus(node.router, outputs),
    },
  };
}
