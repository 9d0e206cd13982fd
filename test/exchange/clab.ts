import { notClab, openClab } from "../../src/exchange/clab-form.ts";
import { importClab } from "../../src/exchange/import-clab.ts";
import { formatSketch } from "../../src/generate/format-sketch.ts";
import type { Environment } from "../../src/topology/environment.ts";
import type { KindName } from "../../src/topology/topology.ts";

/** What a containerlab file becomes, as text, and the first lines of the warnings. */
export function imported(
  text: string,
  { environment = {}, replace = {} }: { environment?: Environment; replace?: Record<string, KindName> } = {},
): { text: string; warnings: string[] } {
  const replaceKinds = new Map(Object.entries(replace));
  const input = { file: "x.clab.yml", text };
  const clab = openClab(input);
  if (clab === undefined) throw notClab(input);
  const { sketch, warnings } = importClab(clab, { environment, replaceKinds });
  return {
    text: formatSketch(sketch),
    warnings: warnings.map((warning) => warning.text.split("\n")[0] ?? ""),
  };
}
