import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import t from "tap";

/** The tables of docs/architecture.md are the rule; these tests make them binding. */
const document = readFileSync("docs/architecture.md", "utf8");

interface Folder {
  readonly mayImport: readonly string[];
  readonly pure: boolean;
}

const folderRows = document.matchAll(/^\| `([\w/]+)` \| ([\w/, ]*)\| (pure)? ?\|/gm);
const folders = new Map<string, Folder>(
  [...folderRows].map(([, name = "", list = "", pure]) => [
    name,
    { mayImport: words(list), pure: pure !== undefined },
  ]),
);
const doorRows = document.matchAll(/^\| `([\w:]+)` \| (`[^|]*)\|$/gm);
const doors = new Map(
  [...doorRows].map(([, module = "", list = ""]) => [module, words(list.replaceAll("`", ""))]),
);

function words(list: string): string[] {
  return list
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** The longest match, so that a file of `bgp/wire` is not one of a folder `bgp`. */
function folderOf(file: string): string | undefined {
  const within = [...folders.keys()].filter((folder) => file.startsWith(`src/${folder}/`));
  return within.sort((a, b) => b.length - a.length)[0];
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join("src", name));

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import) ?\(?"([^"]+)"/g)].map(([, target = ""]) => target);
}

t.test("the tables of the architecture can be read", async (t) => {
  t.ok(folders.size > 10, `${folders.size} folders`);
  t.ok(doors.size > 4, `${doors.size} doors`);
});

t.test("every file is in a folder that the architecture lists, and imports only what it may", async (t) => {
  for (const file of files) {
    const from = folderOf(file);
    if (from === undefined) {
      t.fail(`${file} is in no listed folder`);
      continue;
    }
    for (const target of importsOf(file).filter((name) => name.startsWith("."))) {
      const to = folderOf(normalize(join(dirname(file), target)));
      const allowed = to === from || (to !== undefined && folders.get(from)?.mayImport.includes(to));
      t.ok(allowed, `${file} may import ${target}`);
    }
  }
});

t.test("pure folders import nothing of Node's", async (t) => {
  for (const file of files) {
    if (!folders.get(folderOf(file) ?? "")?.pure) continue;
    const impure = importsOf(file).filter((name) => name.startsWith("node:"));
    t.strictSame(impure, [], file);
  }
});

t.test("each door to the outside is used in its own folders only", async (t) => {
  for (const file of files) {
    for (const target of importsOf(file)) {
      const allowed = doors.get(target);
      if (allowed) t.ok(allowed.includes(folderOf(file) ?? ""), `${file} may import ${target}`);
    }
  }
});

t.test("time is told by the clock alone", async (t) => {
  for (const file of files.filter((name) => name !== "src/std/clock.ts")) {
    const used = readFileSync(file, "utf8").match(
      /\b(?:setTimeout|setInterval|Date\.now|performance\.now)\(|new Date\(\)/g,
    );
    t.strictSame(used, null, file);
  }
});
