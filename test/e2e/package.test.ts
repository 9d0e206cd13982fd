import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import t from "tap";
import { fe80, nothing, traces, withoutTap } from "./command.ts";

// The package as others get it: packed, unpacked into an empty project, and the examples of docs/ci.md run from there. What it
// depends on is linked from this checkout, so that no registry is needed.

const lab = "e2e-package";
const project = mkdtempSync(join(tmpdir(), "fe80-package-"));
const installed = join(project, "node_modules", "fe80");
const document = readFileSync("docs/ci.md", "utf8");

/** The example that has a text in it. */
function example(language: string, text: string): string {
  const blocks = document.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"));
  const found = [...blocks].map(([, block = ""]) => block).find((block) => block.includes(text));
  if (found === undefined) throw new Error(`docs/ci.md has no ${language} example with ${text}`);
  return found;
}

function link(name: string): void {
  const path = join(project, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(resolve("node_modules", name), path);
}

t.before(() => {
  const [env, ...words] = withoutTap;
  const pack = ["npm", "pack", "--silent", "--pack-destination", project];
  const output = execFileSync(env, [...words, ...pack], { encoding: "utf8" });
  const tarball = join(project, output.trim().split("\n").at(-1) ?? "");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["xzf", tarball, "-C", installed, "--strip-components=1"]);
  const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  for (const name of [...Object.keys(dependencies), "tap", "typescript", "@types/node"]) link(name);
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  writeFileSync(
    join(project, "pair.yaml"),
    example("yaml", "name: pair").replace("name: pair", `name: ${lab}`),
  );
  writeFileSync(join(project, "pair.test.mjs"), example("js", "node:test"));
  writeFileSync(join(project, "pair.tap.mjs"), example("js", 'from "tap"'));
});

t.teardown(async () => {
  await fe80("down", lab, "--quiet");
  rmSync(project, { recursive: true, force: true });
});

/** Runs a program of Node's in the project, as one that knows nothing of this test. */
function node(...args: string[]) {
  const { PATH } = process.env;
  return spawnSync(process.execPath, args, { cwd: project, encoding: "utf8", env: { PATH } });
}

for (const [runner, args] of [
  ["Node's own runner", ["--test", "pair.test.mjs"]],
  ["tap", ["pair.tap.mjs"]],
] as const) {
  t.test(`the package's library works with ${runner}, and leaves nothing`, async (t) => {
    const before = traces(lab);
    const { status, stdout, stderr } = node(...args);
    t.equal(status, 0, `${stdout}${stderr}`);
    t.match(stdout, /# pass 1|ℹ pass 1|ok 1 - r1 and r2 forward/);
    t.strictSame(traces(lab), nothing(before));
  });
}

t.test("the package's command tests the same lab", async (t) => {
  const { status, stdout, stderr } = node("node_modules/fe80/dist/bin/fe80.js", "test", "pair.yaml");
  t.equal(status, 0, stderr);
  t.match(stdout, `${lab} converged in `);
});

t.test("the package's command knows the images of its version", async (t) => {
  const { stdout } = node("node_modules/fe80/dist/bin/fe80.js", "version", "--images");
  t.match(stdout, /^fe80\/frr:\S+ +frr 8/m);
});

t.test("the package's types say what the library has", async (t) => {
  const text = `import { type Lab, NotConvergedError, up } from "fe80";
export const states = async (lab: Lab): Promise<string[]> => (await lab.sessions()).map(({ state }) => state);
export const problems = (error: unknown) => (error instanceof NotConvergedError ? error.report.problems : []);
export const run = async (): Promise<number> => (await (await up("pair.yaml")).exec("r1", ["true"])).exitCode;
`;
  writeFileSync(join(project, "use.mts"), text);
  const flags = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "--lib",
    "es2024,esnext.disposable",
  ];
  const [env, ...words] = withoutTap;
  const check = [resolve("node_modules/.bin/tsc"), ...flags, "--types", "node", "use.mts"];
  const { status, stdout } = spawnSync(env, [...words, ...check], { cwd: project, encoding: "utf8" });
  t.equal(status, 0, stdout);
});
