/** One thing that happened in a simulation. */
export interface TraceLine {
  /** Virtual time since the start of the run. */
  readonly atMs: number;
  /** Whose log it is from; null for what happens between routers. */
  readonly router: string | null;
  /** The interface that it is about, if it is about one. */
  readonly ifname: string | null;
  readonly text: string;
}

/** A router's log line (bunyan's JSON), as a line of a trace: what it says, and the message if it is about one. */
export function traceLogLine(line: string, atMs: number): TraceLine {
  const record: Readonly<Record<string, unknown>> = JSON.parse(line);
  const text = (key: string) => (typeof record[key] === "string" ? record[key] : null);
  const contents = text("message_contents");
  return {
    atMs,
    router: text("router"),
    ifname: text("neighbor") ?? text("interface"),
    text: [text("msg"), ...(contents === null ? [] : [contents])].join("  "),
  };
}
