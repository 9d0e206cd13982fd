/** Names of bunyan's levels. */
const levels = new Map([
  [10, "TRACE"],
  [20, "DEBUG"],
  [30, "INFO"],
  [40, "WARN"],
  [50, "ERROR"],
  [60, "FATAL"],
]);

/** Fields that every line has alike, or that stand in front already. */
const hidden = new Set(["v", "name", "hostname", "pid", "level", "time", "msg", "component"]);

/** A speaker's log line (bunyan's JSON) for people: `TIME LEVEL MESSAGE key=value …`. Any other line stays as it is. */
export function formatLogLine(line: string): string {
  const record = parse(line);
  if (record === undefined) return line;
  const level = levels.get(Number(record["level"])) ?? String(record["level"]);
  const fields = Object.entries(record)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => `${key}=${formatValue(value)}`);
  return [record["time"], level.padEnd(5), record["msg"], ...fields].join(" ").trimEnd();
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

/** Quoted where a plain text would not read back as one value. */
function formatValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
