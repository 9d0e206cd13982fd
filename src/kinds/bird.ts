import { sessionName } from "../net/session-name.ts";
import type { NodePlan } from "../plan/plan.ts";
import { birdConfig } from "./bird-config.ts";
import { birdSessionName } from "./bird-session-name.ts";
import { readBirdStatus } from "./bird-status.ts";
import { kernelCommands } from "./kernel-routes.ts";
import { type Daemon, type Kind, type LabContext, placeOf } from "./kind.ts";
import { shell } from "./shell.ts";
import { shortName } from "./short-name.ts";

/** BIRD 2 (https://bird.network.cz), one process a router. */
export const bird: Kind = {
  needs: { program: "bird", package: "bird2" },
  daemons: (nodes, context) => nodes.map((node) => daemon(node, context)),
};

/** BIRD takes its pid file away when it ends: if one is there it was killed, and goes on with the routes of the kernel. */
const script = ['pid=$1; shift; [ -e "$pid" ] && set -- -R "$@"', 'exec bird -f -P "$pid" "$@"'];

function daemon(node: NodePlan, { directory, peers }: LabContext): Daemon {
  const name = `bird-${node.name}`;
  const path = (extension: string) => `${directory}/${name}.${extension}`;
  const socket = `${directory}/bird-${shortName(node.name)}.sock`;
  const tell = (...command: string[]) => ["birdc", "-s", socket, ...command] as const;
  const ask = (...command: string[]) => ["birdc", "-r", "-s", socket, ...command] as const;
  const called = (name: string) =>
    birdSessionName(node.router.sessions.findIndex((session) => sessionName(session) === name));
  const start = shell(path("sh"), { script, words: [path("pid"), "-c", path("conf"), "-s", socket] });
  return {
    name,
    routers: [node.name],
    place: placeOf(node),
    command: start.command,
    files: [
      start.file,
      { path: path("conf"), text: `${birdConfig(node.router, peers)}${node.config ?? ""}` },
    ],
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
    },
    orders: {
      reload: tell("configure"),
      reset: (session) => tell("restart", called(session)),
      refresh: (session) => tell("reload", "in", called(session)),
      shutdown: (session, words) => tell("disable", called(session), `"${words}"`),
    },
  };
}
