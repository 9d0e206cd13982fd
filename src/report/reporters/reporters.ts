import type { Reporter } from "./event.ts";
import { githubReporter, summaryReporter } from "./github.ts";
import { humanReporter } from "./human.ts";
import { jsonlReporter, jsonReporter } from "./json.ts";
import { junitReporter } from "./junit.ts";
import { tapReporter } from "./tap.ts";

/** All that a test run can be told as. */
export const reporterNames = ["human", "tap", "junit", "json", "jsonl", "github", "markdown"] as const;

export type ReporterName = (typeof reporterNames)[number];

/** A reporter for one run. @param options.rows how many rows of each table people want */
export function createReporter(name: ReporterName, { rows }: { rows: number }): Reporter {
  switch (name) {
    case "human":
      return humanReporter({ rows });
    case "tap":
      return tapReporter;
    case "junit":
      return junitReporter;
    case "json":
      return jsonReporter;
    case "jsonl":
      return jsonlReporter;
    case "github":
      return githubReporter;
    case "markdown":
      return summaryReporter;
  }
}
