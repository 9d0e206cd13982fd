import { notificationReasons } from "../bgp/wire/notification.ts";
import type { MemoryConnection, MemoryTransport } from "./memory-connection.ts";
import type { MemoryHost } from "./memory-host.ts";

/** An end closes a connection in favor of others. */
interface Decision {
  readonly by: MemoryHost;
  /** Connections that this end has besides. */
  readonly kept: ReadonlySet<MemoryConnection>;
}

const LENGTH_AT = 16;
const TYPE_AT = 18;
const NOTIFICATION = 3;
const [CEASE, COLLISION] = notificationReasons.connectionCollisionResolution;

/** Sees to it that the two ends of a collision do not each close the connection that the other keeps (RFC 4271 §6.8). */
export class CollisionWatch {
  readonly #decisions = new WeakMap<MemoryConnection, Decision>();
  readonly problems: string[] = [];

  /** @param octets whole messages */
  sent(from: MemoryTransport, octets: Uint8Array): void {
    if (!saysCollision(octets)) return;
    const { connection } = from;
    const kept = new Set(
      [...connection.wire.connections].filter(
        (other) => other !== connection && isParallel(other, connection) && other.isOpenAt(from.host),
      ),
    );
    this.#decisions.set(connection, { by: from.host, kept });
    for (const other of kept) {
      const theirs = this.#decisions.get(other);
      if (theirs && theirs.by !== from.host && theirs.kept.has(connection)) this.#report(connection, other);
    }
  }

  #report(a: MemoryConnection, b: MemoryConnection): void {
    this.problems.push(
      `a collision on ${a.wire.name} left nothing: connections ${b.number} and ${a.number} were each closed in favor of the other`,
    );
  }
}

/** On a shared link there are those of others, too. */
function isParallel(one: MemoryConnection, { dialer, dialed }: MemoryConnection): boolean {
  return dialed !== undefined && one.isBetween(dialer.host, dialed);
}

function saysCollision(octets: Uint8Array): boolean {
  for (let at = 0; at + TYPE_AT < octets.length; ) {
    const notification = octets[at + TYPE_AT] === NOTIFICATION;
    if (notification && octets[at + 19] === CEASE && octets[at + 20] === COLLISION) return true;
    at += Math.max(((octets[at + LENGTH_AT] ?? 0) << 8) | (octets[at + LENGTH_AT + 1] ?? 0), 19);
  }
  return false;
}
