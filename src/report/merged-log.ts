/** A log and whose it is. */
export interface SourcedLog {
  readonly source: string;
  readonly text: string;
}

export interface SourcedLine {
  readonly source: string;
  readonly line: string;
}

/**
 * The lines of several logs in the order of their times (bunyan's `time`), those of one log always in their own order.
 *
 * A line without a time is taken for one of its predecessor's.
 */
export function mergeLogs(logs: readonly SourcedLog[]): SourcedLine[] {
  const timed = logs.flatMap(({ source, text }) => {
    let time = "";
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => {
      const [, found = time] = /"time":"([^"]{20,30})"/.exec(line) ?? [];
      // A log's own order goes first, should the machine's clock have been set back.
      time = found > time ? found : time;
      return { source, line, time };
    });
  });
  return timed.sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
}
