import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";
import { parseSpeakerConfig } from "../src/bgp/config/parse.ts";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join("src", name), "utf8"));

t.test("docs/errors.md lists the codes of all errors, and no others", async (t) => {
  const documented = [...readFileSync("docs/errors.md", "utf8").matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
    ([, code]) => code,
  );
  const raised = sources.flatMap((text) =>
    [...text.matchAll(/readonly code = "([A-Z_]+)"/g)].map(([, code = ""]) => code),
  );
  t.ok(raised.length > 10);
  t.strictSame(documented, [...new Set(raised)].sort(), "sorted, so that one is found");
});

t.test("the speaker's configuration in docs/speaker.md is one", async (t) => {
  const [, json = ""] = /```json\n(.*?)```/s.exec(readFileSync("docs/speaker.md", "utf8")) ?? [];
  t.match(parseSpeakerConfig(JSON.parse(json)), {
    routers: [{ name: "r1", sessions: [{ ifname: "eth0" }] }],
  });
});

t.test("links between documents lead somewhere", async (t) => {
  const documents = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...readdirSync("docs", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join("docs", name)),
  ];
  for (const document of documents) {
    for (const [, target = ""] of readFileSync(document, "utf8").matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target)) continue;
      t.ok(existsSync(join(dirname(document), target)), `${document} → ${target}`);
    }
  }
});

t.test("make has every target that the README and CONTRIBUTING name", async (t) => {
  const makefile = readFileSync("Makefile", "utf8");
  const named = ["README.md", "CONTRIBUTING.md"].flatMap((document) =>
    [...readFileSync(document, "utf8").matchAll(/\bmake ([a-z]+)\b/g)].map(([, target = ""]) => target),
  );
  t.ok(named.length > 2);
  for (const target of new Set(named)) t.match(makefile, new RegExp(`^${target}:`, "m"), target);
});
