import type { SessionCounters } from "../control/session-detail.ts";
import type { Event } from "../session/event.ts";
import type { StateTitle } from "../session/state.ts";
import type { Message } from "../wire/message.ts";

/** How many messages of each type went one way, and how many octets. */
type Passed = Record<Message["type"] | "octets", number>;

const nothing = (): Passed => ({
  open: 0,
  update: 0,
  notification: 0,
  keepalive: 0,
  routeRefresh: 0,
  octets: 0,
});

/** Counts what happens to a session. */
export class Counters {
  readonly #sent = nothing();
  readonly #received = nothing();
  readonly #counts = {
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
    const [sent, received] = [this.#sent, this.#received];
    return {
      opensSent: sent.open,
      opensReceived: received.open,
      updatesSent: sent.update,
      updatesReceived: received.update,
      notificationsSent: sent.notification,
      notificationsReceived: received.notification,
      keepalivesSent: sent.keepalive,
      keepalivesReceived: received.keepalive,
      routeRefreshesSent: sent.routeRefresh,
      routeRefreshesReceived: received.routeRefresh,
      octetsSent: sent.octets,
      octetsReceived: received.octets,
      ...this.#counts,
    };
  }

  message(direction: "sent" | "received", type: Message["type"], octets: number): void {
    const passed = direction === "sent" ? this.#sent : this.#received;
    passed[type]++;
    passed.octets += octets;
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
