import type { SessionTimer } from "../session/action.ts";
import type { SessionParameters } from "../session/parameters.ts";
import type { BgpConnection } from "./connection.ts";
import type { Fields } from "./log.ts";
import type { Timer } from "./timer.ts";

/** Nothing ticks: timers expire when they are due, to the millisecond. */
const RESOLUTION = "resolution: 0.001s";

/** Keys of every line about a session, as in the seed's log. */
export function sessionFields(session: string, timers: Readonly<Record<SessionTimer, Timer>>): Fields {
  const { connectRetry, idleHold } = timers;
  return {
    module: "neighbor",
    unit: "session_runner",
    neighbor: session,
    neighbor_name: `peer_${session}`,
    session_clock: `SessionClock { ${RESOLUTION}, connect_retry: ${connectRetry}, idle_hold: ${idleHold} }`,
  };
}

/** Keys of a line that is about one connection of a session, too. */
export function connectionFields({ id, direction, names, timers }: BgpConnection): Fields {
  const { keepalive, hold, delayOpen } = timers;
  return {
    connection: `(${names.local}, ${names.peer})`,
    connection_id: id,
    connection_clock: `ConnectionClock { conn_id: ${id}, ${RESOLUTION}, keepalive: ${keepalive}, hold: ${hold}, delay_open: ${delayOpen} }`,
    direction,
  };
}

/** A session's parameters in the notation of the seed's log. */
export function describeParameters(parameters: SessionParameters): string {
  const { remoteAs, remoteId, families } = parameters;
  const option = (value: number | string | null) => (value === null ? "None" : `Some(${value})`);
  const seconds = (value: number) => `${value}s`;
  const fields = {
    passive_tcp_establishment: parameters.passive,
    remote_asn: option(remoteAs === "any" ? null : remoteAs),
    remote_id: option(remoteId),
    ipv4_unicast: families.includes(4),
    ipv6_unicast: families.includes(6),
    connect_retry_time: seconds(parameters.connectRetryTime),
    keepalive_time: seconds(parameters.keepaliveTime),
    hold_time: seconds(parameters.holdTime),
    idle_hold_time: seconds(parameters.idleHoldTime),
    delay_open_time: seconds(parameters.delayOpenTime),
    connect_retry_jitter: parameters.connectRetryJitter.join(".."),
    idle_hold_jitter: parameters.idleHoldJitter.join(".."),
    damp_peer_oscillations: parameters.dampPeerOscillations,
    deterministic_collision_resolution: parameters.collisionDetectEstablished,
    role: option(parameters.role),
  };
  const text = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
  return `SessionInfo { ${text.join(", ")} }`;
}
