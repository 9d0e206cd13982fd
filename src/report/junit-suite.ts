import { seconds } from "./reporters/tally.ts";
import { element, type XmlElement } from "./xml.ts";

/** What stands at the head of a suite. */
export interface SuiteHead {
  readonly name: string;
  /** Its place among all suites, from 0. */
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly properties: Readonly<Record<string, string | number | null | undefined>>;
}

/** A suite of JUnit's XML, as Ant writes it and CI systems read it; properties without a value are left out. */
export function junitSuite(head: SuiteHead, cases: readonly XmlElement[]): XmlElement {
  const { name, id, startedAt, durationMs, properties } = head;
  const having = (inside: string) =>
    cases.filter(({ content }) => typeof content !== "string" && content.some(({ name }) => name === inside))
      .length;
  const attributes = {
    ...{ name, package: "fe80", id, timestamp: startedAt.slice(0, 19), hostname: "localhost" },
    ...{
      tests: cases.length,
      failures: having("failure"),
      errors: having("error"),
      skipped: having("skipped"),
    },
    time: seconds(durationMs),
  };
  const known = Object.entries(properties).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [element("property", { name, value })],
  );
  return element("testsuite", attributes, [
    element("properties", {}, known),
    ...cases,
    element("system-out"),
    element("system-err"),
  ]);
}
