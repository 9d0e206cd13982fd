import { command, readRoutes, readSession, readStatus, watchStatus } from "../bgp/control/client.ts";
import type { PlacedFile } from "../kinds/kind.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Control } from "./environment.ts";

/** Asks real speakers, wherever a runtime has them. */
export function createControl(runtime: Pick<Runtime, "connect">): Control {
  const at = (file: PlacedFile) => ({ path: file.path, connect: () => runtime.connect(file) });
  return {
    watch: (socket, signal) => watchStatus(at(socket), signal),
    read: (socket, signal) => readStatus(at(socket), signal),
    session: (socket, end, signal) => readSession(at(socket), end, signal),
    routes: (socket, query, signal) => readRoutes(at(socket), query, signal),
    command: (socket, request, signal) => command(at(socket), request, signal),
  };
}
