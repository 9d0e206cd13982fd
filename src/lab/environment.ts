import type { Effect } from "../bgp/config/effect.ts";
import type { StatusQuery } from "../bgp/control/client.ts";
import type { Interest } from "../bgp/control/interest.ts";
import type { Command as ControlCommand } from "../bgp/control/request.ts";
import type { RouteDetail, RouteQuery } from "../bgp/control/route-detail.ts";
import type { SessionDetail } from "../bgp/control/session-detail.ts";
import type { Status, StatusEvent } from "../bgp/control/status.ts";
import type { KindContext, PlacedFile } from "../kinds/kind.ts";
import type { SessionEnd } from "../net/session-name.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Clock } from "../std/clock.ts";

/** All that the work on a lab reaches the world through; `bin` makes the real one, tests make their own. */
export interface Environment {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly control: Control;
  readonly directories: Directories;
  /** How to start our own speaker, and over how many processes to spread it. */
  readonly speaker: KindContext["speaker"];
  readonly processes: KindContext["processes"];
  /** The path of a program. @throws {ProgramNotFoundError} */
  findProgram(name: string): string;
}

/** Asks a speaker by its control socket. */
export interface Control {
  /** First a `status`, then each change. */
  watch(socket: PlacedFile, interest: Interest, signal: AbortSignal): AsyncIterable<StatusEvent>;
  read(socket: PlacedFile, query: StatusQuery, signal: AbortSignal): Promise<Status>;
  /** All of one session. */
  session(socket: PlacedFile, end: SessionEnd, signal: AbortSignal): Promise<SessionDetail>;
  /** Routes, many at a time. */
  routes(socket: PlacedFile, query: RouteQuery, signal: AbortSignal): AsyncIterable<readonly RouteDetail[]>;
  /** Has something done. @returns what it led to */
  command(socket: PlacedFile, command: ControlCommand, signal: AbortSignal): Promise<readonly Effect[]>;
}

export interface Directories {
  /** Each lab has its own directory in here, e.g. `/run/fe80`. */
  readonly run: string;
  /** Where named network namespaces are, e.g. `/run/netns`. */
  readonly netns: string;
}
