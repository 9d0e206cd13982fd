import { junitSuite } from "../junit-suite.ts";
import { element, type XmlElement, xmlLines } from "../xml.ts";
import { type CheckResult, type LabResult, type Reporter, titleOf } from "./event.ts";
import { reasonsOf, seconds } from "./tally.ts";

/** JUnit's XML, as Ant writes it and CI systems read it: a suite a lab, a case a check. It comes at the end, as a whole. */
export const junitReporter: Reporter = (event) =>
  event.type === "end" ? xmlLines(element("testsuites", {}, event.results.map(suite))) : [];

function suite(result: LabResult, id: number): XmlElement {
  const { checks, outcome, durationMs, startedAt } = result;
  const cases = checks.map((check) => checkCase(result, check));
  if (outcome === "skipped") cases.push(testCase(result, { name: "is tested" }, element("skipped")));
  const broken = outcome !== "skipped" && outcome !== "passed" && checks.every(({ passed }) => passed);
  if (broken) cases.push(testCase(result, { name: "can be tested" }, trouble(result)));
  const { file, attempts, failures, report, artifacts } = result;
  const properties = { file, attempts, failures, convergedAfterMs: report?.convergedAfterMs, artifacts };
  return junitSuite({ name: result.lab ?? file, id, startedAt, durationMs, properties }, cases);
}

function checkCase(result: LabResult, check: CheckResult): XmlElement {
  const { name, passed, reasons } = check;
  if (passed) return testCase(result, check);
  const attributes = { message: reasons[0] ?? name, type: "check" };
  return testCase(result, check, element("failure", attributes, reasons.join("\n")));
}

function testCase(
  result: LabResult,
  { name, durationMs = 0 }: Pick<CheckResult, "name" | "durationMs">,
  inside?: XmlElement,
): XmlElement {
  const attributes = { name, classname: result.lab ?? result.file, time: seconds(durationMs) };
  return element("testcase", attributes, inside === undefined ? [] : [inside]);
}

function trouble(result: LabResult): XmlElement {
  const reasons = reasonsOf(result);
  const attributes = { message: reasons[0] ?? titleOf(result), type: result.outcome };
  return element("error", attributes, reasons.join("\n"));
}
