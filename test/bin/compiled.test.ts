import { execFileSync } from "node:child_process";
import t from "tap";

const module = new URL("../../src/bin/compiled.ts", import.meta.url).href;

/** What a program's environment says, and where its Node.js keeps what it compiled, once it wants that kept. */
function kept(environment: Record<string, string>): [said: string | null, directory: string | null] {
  const program = `
import { getCompileCacheDir } from "node:module";
import { keepCompiled } from ${JSON.stringify(module)};
keepCompiled();
console.log(JSON.stringify([process.env.NODE_COMPILE_CACHE ?? null, getCompileCacheDir() ?? null]));
`;
  const args = ["--input-type=module", "--eval", program];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", env: environment }));
}

t.test("what Node.js compiles is kept beside the code, and speakers are told where", async (t) => {
  const [said, directory] = kept({ HOME: t.testdir() });
  t.match(said, /\/node_modules\/\.cache\/node$/);
  t.ok(directory?.startsWith(`${said}/`));
});

t.test("whoever says where it is kept has it there", async (t) => {
  const own = t.testdir();
  const [said, directory] = kept({ NODE_COMPILE_CACHE: own });
  t.equal(said, own);
  t.ok(directory?.startsWith(`${own}/`));
});
