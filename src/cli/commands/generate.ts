import { type Command, Option } from "commander";
import type { AsnScheme, Shape } from "../../generate/shape.ts";
import type { Invocation } from "../cli.ts";
import { countOption, labNameOption, outputOption, seedOption } from "../options.ts";

interface GenerateFlags {
  readonly name?: string;
  readonly prefixes: number;
  readonly asnScheme: AsnScheme;
  readonly output?: string;
}

type Sizes = Readonly<
  Record<"routers" | "rows" | "columns" | "spines" | "leaves" | "ports" | "dimensions", number>
>;

/** A size that can be given, and what it is if it is not. */
type Size = readonly [flag: keyof Sizes | "links", what: string, standard: number];

interface ShapeCommand {
  readonly type: Shape["type"];
  readonly summary: string;
  readonly sizes: readonly Size[];
  /** The first one is what goes without saying. */
  readonly schemes: readonly [AsnScheme, ...AsnScheme[]];
}

const untiered = ["unique", "single"] as const;
const tiered = ["rfc7938", "unique", "single"] as const;
const sides: readonly Size[] = [
  ["rows", "how many rows", 3],
  ["columns", "how many routers in a row", 3],
];
const routers = (standard: number): readonly Size[] => [["routers", "how many routers", standard]];

const shapes: readonly ShapeCommand[] = [
  {
    type: "ring",
    summary: "each router linked with the next one, and the last with the first",
    sizes: routers(6),
    schemes: untiered,
  },
  { type: "chain", summary: "each router linked with the next one", sizes: routers(6), schemes: untiered },
  { type: "star", summary: "one router linked with all others", sizes: routers(6), schemes: untiered },
  { type: "grid", summary: "rows and columns of routers", sizes: sides, schemes: untiered },
  { type: "torus", summary: "a grid whose rows and columns are rings", sizes: sides, schemes: untiered },
  {
    type: "full-mesh",
    summary: "each router linked with every other one",
    sizes: routers(6),
    schemes: untiered,
  },
  {
    type: "clos",
    summary: "each leaf linked with every spine",
    sizes: [
      ["spines", "how many spines", 2],
      ["leaves", "how many leaves", 4],
    ],
    schemes: tiered,
  },
  {
    type: "fat-tree",
    summary: "three tiers of switches alike",
    sizes: [["ports", "how many ports a switch has", 4]],
    schemes: tiered,
  },
  {
    type: "hypercube",
    summary: "routers whose numbers differ in one bit are linked",
    sizes: [["dimensions", "how many dimensions", 3]],
    schemes: untiered,
  },
  {
    type: "random",
    summary: "a connected graph, the same for the same seed",
    sizes: [
      ["routers", "how many routers", 10],
      ["links", "how many links", 15],
    ],
    schemes: untiered,
  },
];

export function generateCommand(program: Command, cli: Invocation): void {
  const generate = program
    .command("generate")
    .summary("write the topology file of a ring, a Clos network, a random graph, …");
  for (const shape of shapes) addShape(generate, shape, cli);
}

function addShape(generate: Command, { type, summary, sizes, schemes }: ShapeCommand, cli: Invocation): void {
  const command = generate.command(type).summary(summary);
  for (const [flag, what, standard] of sizes) {
    command.addOption(countOption(`--${flag} <number>`, what).default(standard));
  }
  if (type === "random") {
    command.addOption(seedOption("of all that is random").default(1));
  }
  command
    .addOption(labNameOption())
    .addOption(countOption("--prefixes <number>", "how many each router originates", { least: 0 }).default(1))
    .addOption(
      new Option("--asn-scheme <scheme>", "one AS a router, one for all, or tier by tier")
        .choices(schemes)
        .default(schemes[0]),
    )
    .addOption(outputOption())
    .action((flags: GenerateFlags & Sizes) => run({ ...flags, type } as Shape, flags, cli));
}

async function run(shape: Shape, flags: GenerateFlags, cli: Invocation): Promise<void> {
  const [{ generate }, { writeResult }] = await Promise.all([
    import("../../generate/generate.ts"),
    import("../result.ts"),
  ]);
  const { name, prefixes, asnScheme, output } = flags;
  await writeResult(generate(shape, { name, prefixes, asnScheme }), { file: output }, cli);
}
