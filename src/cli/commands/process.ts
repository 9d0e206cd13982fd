import type { Command } from "commander";
import type { RouterAction } from "../../lab/act.ts";
import type { Invocation } from "../cli.ts";

interface Verb {
  readonly summary: string;
  /** What follows the router's name once it is so, and if it was so before. */
  readonly done: string;
  readonly idle: string;
}

const verbs: Readonly<Record<RouterAction, Verb>> = {
  stop: { summary: "end a router's process; its links stay", done: "has stopped", idle: "was not running" },
  kill: {
    summary: "end a router's process as a crash would (kill -9)",
    done: "is dead",
    idle: "was not running",
  },
  start: {
    summary: "start a router's process that was stopped or killed",
    done: "has started",
    idle: "is running already",
  },
  restart: {
    summary: "end a router's process and start it again",
    done: "has restarted",
    idle: "has restarted",
  },
  pause: {
    summary:
      "halt a router's process where it is (SIGSTOP): its sessions stay up until their hold timers expire",
    done: "is paused",
    idle: "is paused already, or not running",
  },
  resume: { summary: "let a router's process go on that is paused", done: "goes on", idle: "was not paused" },
};

/** `stop`, `kill` and all else that one can do to a router's process. */
export function processCommands(program: Command, cli: Invocation): void {
  for (const [type, verb] of Object.entries(verbs) as [RouterAction, Verb][]) {
    program
      .command(type)
      .summary(verb.summary)
      .argument("<lab>", "name of a lab, or its topology file")
      .argument("<router>")
      .action((lab: string, router: string) => run(type, { lab, router }, cli));
  }
}

async function run(
  type: RouterAction,
  { lab, router }: { lab: string; router: string },
  cli: Invocation,
): Promise<void> {
  const environment = await cli.environment();
  const { act } = await import("../../lab/act.ts");
  const { signal } = cli;
  const choose = () => [{ type, router }];
  const [changed] = await act(lab, { command: type, choose, signal }, environment);
  cli.out(`${router} ${changed ? verbs[type].done : verbs[type].idle}`);
}
