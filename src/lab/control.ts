import { command, readRoutes, readSession, readStatus, watchStatus } from "../bgp/control/client.ts";
import type { Control } from "./environment.ts";

/** Asks real speakers. */
export const control: Control = {
  watch: watchStatus,
  read: readStatus,
  session: readSession,
  routes: readRoutes,
  command,
};
