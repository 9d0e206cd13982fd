import type { SessionStatus, StatusEvent } from "../bgp/control/status.ts";
import { formatSessionEnd } from "../net/session-name.ts";

/** Sees to it that a session which is up never runs over another connection without having been down. */
export class SessionWatch {
  readonly #latest = new Map<string, SessionStatus>();
  readonly problems: string[] = [];

  observe(event: StatusEvent): void {
    if (event.type !== "session") return;
    const { session } = event;
    const name = formatSessionEnd(session);
    const before = this.#latest.get(name);
    this.#latest.set(name, session);
    if (before?.state !== "Established" || session.state !== "Established") return;
    if (before.connectionId === session.connectionId) return;
    this.problems.push(
      `${name} was Established on connection ${before.connectionId} and is on ${session.connectionId} too`,
    );
  }
}
