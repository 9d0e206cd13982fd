import * as v from "valibot";
import { routeSources } from "./config.ts";
import { expected } from "./message.ts";
import { wholeField } from "./word.ts";

const flag = v.boolean(expected("true or false"));

/** What a router may be told of its routes, each by itself; for the meanings see `RouterConfig`. */
export const routerFields = {
  redistribute: v.pipe(
    v.array(
      v.picklist(routeSources, expected("a source of routes", `sources are ${routeSources.join(" and ")}`)),
      expected("a list of sources", `write it as [${routeSources.join(", ")}]`),
    ),
    v.check((sources) => new Set(sources).size === sources.length, "a source of routes is there twice"),
  ),
  install: flag,
  maximumPaths: wholeField("a number of paths", { min: 1, max: 64 }),
  asPathRelax: flag,
};
