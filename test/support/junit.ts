import { spawnSync } from "node:child_process";

/** What xmllint has against a text as XML of JUnit; empty if nothing. */
export function junitFaults(xml: string): string {
  const { status, stderr } = spawnSync("xmllint", ["--noout", "--schema", "test/support/junit.xsd", "-"], {
    input: xml,
    encoding: "utf8",
  });
  return status === 0 ? "" : stderr;
}

const missing = spawnSync("xmllint", ["--version"]).error !== undefined;

/** Why {@link junitFaults} cannot be asked here; false if it can. */
export const withoutXmllint =
  missing && !process.env["CI"] ? "xmllint is not installed: make daemons" : false;
