import { parseArgs } from "node:util";
import { type RouteSet, routeSets } from "./routes.ts";

export const USAGE = `usage: node bench/routing.ts [OPTION...]

  --sizes LIST         numbers of prefixes, such as 100k,500k,1M (100k,1M)
  --sets LIST          same: one attribute set in all; differing: an AS path for every 8 prefixes (differing)
  --only LIST          of receive, kernel and transit (all)
  --peers LIST         how many peers are told in transit, such as 1,10 (10)
  --daemons LIST       of floor, fe80, BIRD, FRR, OpenBGPD and GoBGP (all)
  --deadline SECONDS   how long learning, and then withdrawing, may take (60)
  --hold SECONDS       the hold time that peers offer (9)
  --speaker DIRECTORY  the checkout of fe80 to measure (this one)
  --profile DIRECTORY  write a CPU profile of each run of fe80's there
`;

const daemonNames = ["floor", "fe80", "BIRD", "FRR", "OpenBGPD", "GoBGP"] as const;
const scenarioNames = ["receive", "kernel", "transit"] as const;

/** What is to be measured. */
export interface Options {
  readonly sizes: readonly number[];
  readonly sets: readonly RouteSet[];
  readonly only: readonly (typeof scenarioNames)[number][];
  readonly peers: readonly number[];
  readonly daemons: readonly (typeof daemonNames)[number][];
  readonly deadlineMs: number;
  /** Seconds. */
  readonly holdTime: number;
  readonly speaker: string;
  readonly profile: string | undefined;
  readonly help: boolean;
}

/** @throws {Error} for what is no option, or not one of its values */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string", default: "100k,1M" },
      sets: { type: "string", default: "differing" },
      only: { type: "string", default: scenarioNames.join(",") },
      peers: { type: "string", default: "10" },
      daemons: { type: "string", default: daemonNames.join(",") },
      deadline: { type: "string", default: "60" },
      hold: { type: "string", default: "9" },
      speaker: { type: "string", default: process.cwd() },
      profile: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    sizes: numbers("sizes", values.sizes),
    sets: choices("sets", values.sets, routeSets),
    only: choices("only", values.only, scenarioNames),
    peers: numbers("peers", values.peers),
    daemons: choices("daemons", values.daemons, daemonNames),
    deadlineMs: number("deadline", values.deadline) * 1000,
    holdTime: number("hold", values.hold),
    speaker: values.speaker,
    profile: values.profile,
    help: values.help,
  };
}

function choices<Choice extends string>(option: string, text: string, all: readonly Choice[]): Choice[] {
  return text.split(",").map((word) => {
    const choice = all.find((each) => each === word);
    if (!choice) throw new Error(`--${option}: there is no ${word}, but ${all.join(", ")}`);
    return choice;
  });
}

function numbers(option: string, text: string): number[] {
  return text.split(",").map((word) => number(option, word));
}

function number(option: string, word: string): number {
  const [, digits, unit = ""] = /^(\d+)([kM]?)$/.exec(word) ?? [];
  if (digits === undefined) throw new Error(`--${option}: ${word} is no number such as 10, 100k or 1M`);
  return Number(digits) * { "": 1, k: 1000, M: 1_000_000 }[unit as "" | "k" | "M"];
}
