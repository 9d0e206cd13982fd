/** Names of bunyan's levels. */
const levels = new Map([
  [10, "TRACE"],
  [20, "DEBUG"],
  [30, "INFO"],
  [40, "WARN"],
  [50, "ERROR"],
  [60, "FATAL"],
]);

/** Fields that say more than the message does; all others are for programs, and `fe80 logs --json` has them. */
const telling = ["message_contents", "params", "interface", "error"];

/**
 * A speaker's log line (bunyan's JSON) for people: `TIME LEVEL INTERFACE MESSAGE`, and what tells more. Any other line stays
 * as it is.
 */
export function formatLogLine(line: string): string {
  const record = parse(line);
  if (record === undefined) return line;
  const message = String(record["msg"]);
  const level = levels.get(Number(record["level"])) ?? String(record["level"]);
  const more = telling.map((key) => String(record[key] ?? "")).filter((text) => !message.includes(text));
  const head = [record["time"], level.padEnd(5), record["neighbor"] ?? "-", message].map(String);
  return [...head, ...more].join(" ");
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && "msg" in value && "level" in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
