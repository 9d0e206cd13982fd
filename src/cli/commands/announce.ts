import type { Command } from "commander";
import type { Invocation } from "../cli.ts";

const verbs = {
  announce: {
    summary: "have a router announce prefixes as its own",
    done: "announces",
    idle: "announces already",
  },
  withdraw: {
    summary: "have a router no longer announce prefixes",
    done: "has withdrawn",
    idle: "did not announce",
  },
} as const;

type Verb = keyof typeof verbs;

/** `announce` and `withdraw`. */
export function announceCommands(program: Command, cli: Invocation): void {
  for (const [type, { summary }] of Object.entries(verbs) as [Verb, (typeof verbs)[Verb]][]) {
    program
      .command(type)
      .summary(summary)
      .argument("<lab>", "name of a lab, or its topology file")
      .argument("<router>")
      .argument("<prefix...>", "such as 10.0.1.0/24")
      .action((lab: string, router: string, prefixes: string[]) => run(type, { lab, router, prefixes }, cli));
  }
}

async function run(
  type: Verb,
  target: { lab: string; router: string; prefixes: readonly string[] },
  cli: Invocation,
): Promise<void> {
  const environment = await cli.environment();
  const { announce } = await import("../../lab/announce.ts");
  const changed = await announce({ type, ...target }, { signal: cli.signal }, environment);
  const { done, idle } = verbs[type];
  cli.out(`${target.router} ${changed ? done : idle} ${target.prefixes.join(", ")}`);
}
