import { yamlFlow, yamlLines, yamlText } from "../std/yaml-text.ts";
import type { Sketch, SketchLink, SketchRouter } from "./sketch.ts";

/** The text of a topology file, ended by a line break. */
export function formatSketch({ comment, name, defaults, routers, links }: Sketch): string {
  const parts = [
    [...comment.map((line) => `# ${line}`.trimEnd()), ...yamlLines({ name })],
    defaults === undefined ? [] : yamlLines({ defaults: { ...defaults } }),
    routerLines(routers),
    links.length === 0 ? [] : ["links:", ...links.map((link) => `  - ${linkText(link)}`)],
  ];
  const filled = parts.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function routerLines(routers: readonly SketchRouter[]): string[] {
  return ["routers:", ...routers.flatMap(routerBody).map((line) => `  ${line}`)];
}

function routerBody({ name, ...body }: SketchRouter): string[] {
  const said = Object.values(body).some((value) => value !== undefined);
  return said ? yamlLines({ [name]: { ...body } }) : [`${yamlText(name, { flow: true })}:`];
}

/** The short form where there is nothing to say but the link. */
function linkText({ link, ...rest }: SketchLink): string {
  const said = Object.values(rest).some((value) => value !== undefined);
  if (said) return yamlFlow({ link, ...rest });
  return typeof link === "string" ? yamlText(link) : yamlFlow(link);
}
