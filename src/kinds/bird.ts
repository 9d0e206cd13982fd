import { sessionName } from "../net/session-name.ts";
import type { NodePlan } from "../plan/plan.ts";
import { birdConfig, birdSessionName } from "./bird-config.ts";
import { readBirdStatus } from "./bird-status.ts";
import { kernelCommands } from "./kernel-routes.ts";
import { type Daemon, type Kind, type KindContext, placeOf } from "./kind.ts";
import { shortName } from "./short-name.ts";

/** BIRD 2 (https://bird.network.cz), one process a router, accepting the sessions that its peers open. */
export const bird: Kind = {
  needs: { program: "bird", package: "bird2" },
  daemons: (nodes, context) => nodes.map((node) => daemon(node, context)),
};

function daemon(node: NodePlan, { directory }: KindContext): Daemon {
  const name = `bird-${node.name}`;
  const path = (extension: string) => `${directory}/${name}.${extension}`;
  const socket = `${directory}/bird-${shortName(node.name)}.sock`;
  const ask = (...command: string[]) => ["birdc", "-r", "-s", socket, ...command] as const;
  return {
    name,
    routers: [node.name],
    place: placeOf(node),
    command: ["bird", "-f", "-c", path("conf"), "-s", socket, "-P", path("pid")],
    files: [{ path: path("conf"), text: `${birdConfig(node.router)}${node.config ?? ""}` }],
    input: undefined,
    log: node.router.log ?? path("log"),
    probe: {
      type: "poll",
      commands: [
        ask("show", "protocols", "all"),
        ask("show", "route", "all", "primary"),
        ...kernelCommands("bird"),
      ],
      read: (outputs) => readBirdStatus(node.router, outputs),
      reset: (session, { soft }) => {
        const index = node.router.sessions.findIndex((each) => sessionName(each) === session);
        const accepted = `"${birdSessionName(index)}_*"`;
        return ["birdc", "-s", socket, ...(soft ? ["reload", "in", accepted] : ["restart", accepted])];
      },
    },
  };
}
