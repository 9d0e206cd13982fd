import { readdirSync, readFileSync } from "node:fs";
import { compile } from "../../src/plan/compile.ts";
import { LabError } from "../../src/std/errors.ts";
import { TopologyError } from "../../src/topology/diagnostic.ts";
import { readTopology } from "../../src/topology/parse.ts";
import { Random } from "./random.ts";
import { worstTopologies } from "./worst-topologies.ts";

/**
 * Feeds the compiler with mutated topologies of up to a megabyte for a while: whatever the text, there must be a topology or its
 * mistakes, within two seconds of work, whatever else the machine does.
 *
 *     node test/fuzz/topology.ts [MINUTES] [SEED]
 */

const [minutes = 1, seed = 1] = process.argv.slice(2).map(Number);
const random = new Random(seed);

const maxLength = 1 << 20;
const maxMs = 2000;

const directory = new URL("../../topologies/", import.meta.url);
const pages = ["topology", "policy"].map((name) =>
  readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8"),
);

/** Valid files, to which what mutation finds worth keeping is added. */
const corpus: string[] = [
  ...readdirSync(directory).map((file) => readFileSync(new URL(file, directory), "utf8")),
  ...worstTopologies.values(),
  ...pages.flatMap((page) => Array.from(page.matchAll(/^```yaml\n(.*?)^```/gms), ([, text = ""]) => text)),
];

/** Outcomes seen: an input that leads to a new one is kept, as it may lead to more. */
const seen = new Set<string>();

/** A variable as it is written. */
function variable(inner: string): string {
  return `$\{${inner}}`;
}

const pieces = [
  ..."[]{}:,-&*!|>'\"%@#?~\n\t $".split(""),
  "\n  ",
  "\n- ",
  "r1",
  '"r[1-10000]"',
  '"r[1-99]s[1-99]": { asn: 65000 + n, originate: ["10.{n1}.{n2}.0/24"] }',
  "r[1-999999999]",
  "r* -- r*",
  "* -- *",
  "r[1-2000] -- r[1-2000]",
  variable("A"),
  variable(`B:-${variable("A")}`),
  variable("").slice(0, 2),
  "$$",
  "{n}",
  "{n:x}",
  "{n/0}",
  "(((((",
  "n*n*n",
  "&a ",
  "*a",
  "<<: *a",
  "kind: host",
  "addresses: [10.1.0.10/24]",
  "include: [a.yaml]",
  "include: [b.yaml]",
  "count: 1000",
  "expect: none",
  "sessions: { '*': { med: 1 } }",
  'groups: { g: { routers: ["*"], asn: 1 } }',
  "import: p",
  "policies: { p: [accept], q: [{ match: { as-path: '(_1{1,100}){1,100}$' } }] }",
  "export: [{ match: { prefix: [10.0.0.0/8 le 24], med: 0-9 }, set: { community: { add: ['1:2'] } } }]",
  "multipath: { maximum-paths: n }",
  "redistribute: [connected, static]",
  "null",
  "1e999",
  "__proto__: ",
];

const surroundings = {
  environment: { A: "a".repeat(1000), B: variable("A") },
  read: (path: string) => ({
    file: path,
    text: path === "a.yaml" ? "routers: [r1]" : "include: [b.yaml, a.yaml]",
  }),
};

function mutate(text: string): string {
  let mutated = text;
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(mutated.length + 1);
    const [before, after] = [mutated.slice(0, at), mutated.slice(at)];
    switch (random.below(7)) {
      case 0:
        mutated = before + random.pick(pieces) + after;
        break;
      case 1:
        mutated = before + after.slice(random.below(20));
        break;
      case 2:
        mutated = before + random.pick(pieces) + after.slice(random.below(10));
        break;
      case 3: {
        const donor = random.pick(corpus);
        const from = random.below(donor.length);
        mutated = before + donor.slice(from, from + random.below(200)) + after;
        break;
      }
      case 4:
        mutated = before + random.pick(pieces).repeat(1 << random.below(14)) + after;
        break;
      case 5: {
        const lines = mutated.split("\n");
        const line = random.below(lines.length);
        const repeated = Array.from({ length: 1 << random.below(12) }, () => lines[line] ?? "");
        mutated = [...lines.slice(0, line), ...repeated, ...lines.slice(line)].join("\n");
        break;
      }
      default: {
        const lines = mutated.split("\n");
        const line = random.below(lines.length);
        const repeated = Array.from({ length: 1 << random.below(12) }, (_, index) =>
          (lines[line] ?? "").replace(/\d+/, (digits) => String(Number(digits) + index)),
        );
        mutated = [...lines.slice(0, line), ...repeated, ...lines.slice(line)].join("\n");
      }
    }
    mutated = mutated.slice(0, maxLength);
  }
  return mutated;
}

/** What becomes of the text, in a word or two. @throws whatever must never be thrown */
function outcome(text: string): string {
  try {
    const { topology, warnings } = readTopology({ file: "fuzz.yaml", text }, surroundings);
    compile(topology, { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/x" });
    return `topology ${warnings.map(({ message }) => word(message)).join()}`;
  } catch (error) {
    if (error instanceof TopologyError) {
      return error.diagnostics
        .slice(0, 5)
        .map(({ message }) => word(message))
        .join();
    }
    if (error instanceof LabError) return error.code;
    throw error;
  }
}

function word(message: string): string {
  return message.replace(/"[^"]*"|\d+/g, "N").slice(0, 60);
}

const end = performance.now() + minutes * 60_000;
let runs = 0;
let slowest = 0;
while (performance.now() < end) {
  const text = mutate(random.pick(corpus));
  runs++;
  try {
    const start = process.threadCpuUsage();
    const found = outcome(text);
    const { user, system } = process.threadCpuUsage(start);
    const took = (user + system) / 1000;
    slowest = Math.max(slowest, took);
    if (took > maxMs) throw new Error(`took ${Math.round(took)} ms`);
    if (seen.has(found)) continue;
    seen.add(found);
    if (text.length < 5000) corpus.push(text);
  } catch (error) {
    process.stdout.write(`run ${runs} of seed ${seed}, ${text.length} characters: ${text.slice(0, 3000)}\n`);
    process.stdout.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  }
}
process.stdout.write(
  `${runs} inputs, ${seen.size} different outcomes, none slower than ${Math.round(slowest)} ms, nothing broken (seed ${seed})\n`,
);
