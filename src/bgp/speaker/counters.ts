import type { SessionCounters } from "../control/session-detail.ts";
import type { Event } from "../session/event.ts";
import type { StateTitle } from "../session/state.ts";
import type { Message } from "../wire/message.ts";

const nouns = {
  open: "opens",
  update: "updates",
  notification: "notifications",
  keepalive: "keepalives",
  routeRefresh: "routeRefreshes",
} as const;

/** Counts what happens to a session. */
export class Counters {
  readonly #counts: { -readonly [Name in keyof SessionCounters]: number } = {
    opensSent: 0,
    opensReceived: 0,
    updatesSent: 0,
    updatesReceived: 0,
    notificationsSent: 0,
    notificationsReceived: 0,
    keepalivesSent: 0,
    keepalivesReceived: 0,
    routeRefreshesSent: 0,
    routeRefreshesReceived: 0,
    octetsSent: 0,
    octetsReceived: 0,
    malformedReceived: 0,
    connectionsAccepted: 0,
    connectionsDialed: 0,
    connectionsRefused: 0,
    connectionsFailed: 0,
    holdTimerExpirations: 0,
    transitionsToEstablished: 0,
    transitionsToIdle: 0,
  };

  get counts(): SessionCounters {
    return { ...this.#counts };
  }

  message(
    { type }: Message,
    { direction, octets }: { direction: "sent" | "received"; octets: number },
  ): void {
    const suffix = direction === "sent" ? "Sent" : "Received";
    this.#counts[`${nouns[type]}${suffix}`]++;
    this.#counts[`octets${suffix}`] += octets;
  }

  event({ type }: Event): void {
    if (type === "parseError") this.#counts.malformedReceived++;
    if (type === "holdTimerExpires") this.#counts.holdTimerExpirations++;
    if (type === "dialFails" || type === "tcpConnectionFails") this.#counts.connectionsFailed++;
  }

  /** A connection came up and was spoken on, or was refused. */
  connection(direction: "inbound" | "outbound", { spoken }: { spoken: boolean }): void {
    if (!spoken) this.#counts.connectionsRefused++;
    else if (direction === "inbound") this.#counts.connectionsAccepted++;
    else this.#counts.connectionsDialed++;
  }

  moved(to: StateTitle): void {
    if (to === "established") this.#counts.transitionsToEstablished++;
    if (to === "idle") this.#counts.transitionsToIdle++;
  }
}
