import { type Command, Option } from "commander";
import type { ResetType } from "../../lab/resets.ts";
import type { Invocation } from "../cli.ts";

/** `true` if nothing follows the flag. */
type Soft = true | Exclude<ResetType, "hard">;

export function resetCommand(program: Command, cli: Invocation): void {
  program
    .command("reset")
    .summary(
      "end a session, or all of a router's, and have it established anew; --soft only has routes told again",
    )
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router:ifname|router>", "a session, or a router for all of its sessions")
    .addOption(
      new Option(
        "--soft [direction]",
        "keep the session: the peer tells all routes again (in), is told them (out), or both (in)",
      ).choices(["in", "out", "both"]),
    )
    .action((lab: string, subject: string, { soft }: { soft?: Soft }) => run({ lab, subject, soft }, cli));
}

async function run(
  { lab, subject, soft }: { lab: string; subject: string; soft: Soft | undefined },
  cli: Invocation,
): Promise<void> {
  const environment = await cli.environment();
  const [{ act }, { resetsOf }] = await Promise.all([
    import("../../lab/act.ts"),
    import("../../lab/resets.ts"),
  ]);
  const type = soft === undefined ? "hard" : soft === true ? "in" : soft;
  const choose = ({ plan }: Parameters<Parameters<typeof act>[1]["choose"]>[0]) =>
    resetsOf(plan, { subject, type });
  await act(lab, { command: "reset", choose, signal: cli.signal }, environment);
  cli.out(soft === undefined ? `${subject} is reset` : `${subject} has its routes told again`);
}
