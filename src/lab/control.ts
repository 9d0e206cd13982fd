import { command, readRoutes, readSession, readStatus, watchStatus } from "../bgp/control/client.ts";
import type { PlacedFile } from "../kinds/kind.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Control } from "./environment.ts";

/** Asks real speakers, wherever a runtime has them. */
export function createControl(runtime: Pick<Runtime, "connect">): Control {
  const at = (file: PlacedFile) => ({ path: file.path, connect: () => runtime.connect(file) });
  return {
    watch: (socket, interest, signal) => watchStatus(at(socket), interest, signal),
    read: (socket, query, signal) => readStatus(at(socket), query, signal),
    session: (socket, end, signal) => readSession(at(socket), end, signal),
    routes: (socket, query, signal) => readRoutes(at(socket), query, signal),
    command: (socket, request, signal) => command(at(socket), request, signal),
  };
}
