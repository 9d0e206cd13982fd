/** When what happened first to a session, by its router's log: ISO 8601, UTC. */
export interface SessionEvents {
  discovery?: string;
  tcp?: string;
  open?: string;
  established?: string;
  firstRoute?: string;
  /** The only one that is the last of its kind. */
  lastRoute?: string;
}

/** What a router's log tells of its sessions. */
export interface LoggedEvents {
  /** The time of its first line. */
  readonly first: string | undefined;
  /** By the names of the sessions. */
  readonly sessions: ReadonlyMap<string, SessionEvents>;
}

/** How the lines begin that a timeline is made of, most of which come at level `debug`. */
const beginnings: readonly (readonly [keyof SessionEvents, RegExp])[] = [
  ["discovery", /^received fsm event peer discovered$/],
  ["tcp", /^accepted (?:in|out)bound connection /],
  ["open", /^recv open message /],
  ["established", /^fsm transition .* -> established$/],
  ["firstRoute", /^recv update message /],
];

/** Reads a log of bunyan's JSON lines; what is none is passed over. */
export function sessionEvents(log: string): LoggedEvents {
  const sessions = new Map<string, SessionEvents>();
  let first: string | undefined;
  for (const text of log.split("\n")) {
    const line = parse(text);
    if (line === undefined) continue;
    first ??= line.time;
    if (line.neighbor === undefined) continue;
    const events = sessions.get(line.neighbor) ?? {};
    sessions.set(line.neighbor, events);
    note(events, line);
  }
  return { first, sessions };
}

interface Line {
  readonly time: string;
  readonly msg: string;
  readonly neighbor: string | undefined;
  readonly contents: string;
}

function note(events: SessionEvents, { time, msg, contents }: Line): void {
  const [event] = beginnings.find(([, beginning]) => beginning.test(msg)) ?? [];
  if (event === undefined) return;
  if (event !== "firstRoute") {
    events[event] ??= time;
  } else if (contents.includes("announced:")) {
    events.firstRoute ??= time;
    events.lastRoute = time;
  }
}

function parse(text: string): Line | undefined {
  try {
    const {
      time,
      msg,
      neighbor,
      message_contents: contents = "",
    } = JSON.parse(text) as Record<string, unknown>;
    if (typeof time !== "string" || typeof msg !== "string") return undefined;
    return {
      time,
      msg,
      neighbor: typeof neighbor === "string" ? neighbor : undefined,
      contents: String(contents),
    };
  } catch {
    return undefined; // a line that is cut off, or no record
  }
}
