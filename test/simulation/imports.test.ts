import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import t from "tap";

/** Everything that a module brings with it when it runs; imports of types are gone by then. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.startsWith("src/")) return seen;
  const imports = readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type )[^";]*?from "([^"]+)"/gm);
  for (const [, target = ""] of imports) {
    loadedBy(target.startsWith(".") ? normalize(join(dirname(file), target)) : target, seen);
  }
  return seen;
}

t.test("a simulation loads no system calls, so that anybody can run it", async (t) => {
  const loaded = loadedBy("src/lab/simulate.ts");
  t.ok(loaded.has("src/bgp/speaker/router.ts"), "it has the real routers");
  for (const forbidden of ["koffi", "node:net", "node:child_process", "src/bgp/speaker/kernel-host.ts"]) {
    t.notOk(loaded.has(forbidden), forbidden);
  }
});
