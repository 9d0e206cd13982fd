/** A BGP message that was overheard, on one line: when, from whom to whom, by the port of which connection, and what. */
export function formatMessageLine(message: {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly text: string;
}): string {
  const { time, from, to, port, text } = message;
  return `${new Date(time).toISOString().slice(11, 23)} ${from} > ${to} (${port}) ${text}`;
}
