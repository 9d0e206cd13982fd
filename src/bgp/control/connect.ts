import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** A connection to a Unix socket of this machine; that nobody listens is an error of the stream. */
export function connectTo(path: string): Duplex {
  return connect(path);
}
