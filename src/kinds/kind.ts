import type { Status } from "../bgp/control/status.ts";
import type { Prefix } from "../net/prefix.ts";
import type { NodePlan } from "../plan/plan.ts";
import type { Peers } from "./peers.ts";
import type { Spreading } from "./spread.ts";

/** A program that routes: what to write, what to start, and how to look inside. All of it is data for the runtime. */
export interface Kind {
  /** The program to find in PATH, and the package that has it; undefined for what comes with fe80. */
  readonly needs: { readonly program: string; readonly package: string } | undefined;
  /** What it must be allowed in a container beyond what all are (capabilities(7)). */
  readonly capabilities?: readonly string[];
  /** The processes that run these nodes, all of this kind. */
  daemons(nodes: readonly NodePlan[], context: LabContext): Daemon[];
}

export interface KindContext extends Spreading {
  /** The lab's run directory: sockets, logs, configuration. */
  readonly directory: string;
  /** How to start our own speaker on the machine: a Node.js and the path of `bin/fe80-speaker`. */
  readonly speaker: SpeakerProgram;
}

export interface SpeakerProgram {
  readonly node: string;
  readonly program: string;
}

/** Where our programs are in all images of ours that have them. */
const imageProgram: SpeakerProgram = { node: "node", program: "/opt/fe80/dist/bin/fe80-speaker.js" };

/** How to start our own speaker where a router is. */
export function speakerOf({ container }: NodePlan, { speaker }: KindContext): SpeakerProgram {
  return container ? imageProgram : speaker;
}

export interface LabContext extends KindContext {
  readonly peers: Peers;
}

/** A long-running process of a lab, with all that it starts. */
export interface Daemon {
  /** Unique in the lab, e.g. `speaker-1` or `bird-r2`. */
  readonly name: string;
  readonly routers: readonly string[];
  readonly place: Place;
  readonly command: Command;
  /** Written before the start, where the daemon runs. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /**
   * Standard input, given once all namespaces and links are there. A daemon that takes its configuration this way may
   * start, and load its code, while they are being made.
   */
  readonly input: string | undefined;
  /** Path of the file, where the daemon runs, to which standard output and standard error go. */
  readonly log: string;
  readonly probe: Probe;
  /** What it can be told while it runs, by short commands; our own speaker is told over its control socket. */
  readonly orders?: Orders;
}

/** What a daemon can be told; what it does not know is not there. All are short commands, run where it runs. */
export interface Orders {
  /** To end a session's connection, and have it established anew. */
  readonly reset?: (session: string) => Command;
  /** To ask the peer of a session for all of its routes again (RFC 2918). */
  readonly refresh?: (session: string) => Command;
  /** To end a session for good, and tell the peer why in these words (RFC 9003). */
  readonly shutdown?: (session: string, words: string) => Command;
  /** To read its files anew, with sessions going on that are the same in them. */
  readonly reload?: Command;
  /** To originate more prefixes, or fewer; ExaBGP tells its only peer of each what the words say. */
  readonly announce?: (prefixes: readonly Prefix[], words?: string) => Command;
  readonly withdraw?: (prefixes: readonly Prefix[]) => Command;
}

export type Command = readonly [program: string, ...args: string[]];

/** Where a daemon runs. */
export type Place =
  /** The machine itself: our speaker enters its routers' namespaces by itself. */
  | { readonly type: "machine" }
  | { readonly type: "netns"; readonly name: string }
  | { readonly type: "container"; readonly name: string };

/** Where the program of a router runs that has a process of its own. */
export function placeOf({ netns, container }: NodePlan): Place {
  return { type: container ? "container" : "netns", name: netns };
}

/** A file of the machine, or of a container. */
export interface PlacedFile {
  readonly path: string;
  /** Name of the container; undefined for the machine's. */
  readonly container: string | undefined;
}

/** A file of a daemon's: its log, its socket. */
export function fileOf({ place }: Pick<Daemon, "place">, path: string): PlacedFile {
  return { path, container: place.type === "container" ? place.name : undefined };
}

/** How to learn a daemon's sessions and routes. */
export type Probe =
  /** Its control socket (see `bgp/control`) tells each change. */
  | { readonly type: "control"; readonly socket: PlacedFile }
  /** Short commands, run where the daemon runs, again and again. `read` gets their standard outputs in order. */
  | {
      readonly type: "poll";
      readonly commands: readonly Command[];
      readonly read: (outputs: readonly string[]) => Status;
    };
