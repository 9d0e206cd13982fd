import type { Daemon } from "../../kinds/kind.ts";
import { messageOf } from "../../std/errors.ts";
import { DAEMON_MARK } from "../netns/process-table.ts";
import type { Process } from "../runtime.ts";
import { healthScript } from "./containers.ts";
import type { Engine } from "./engine.ts";
import { readFrames } from "./frames.ts";
import { type Program, startProgram } from "./program.ts";
import { scriptOf } from "./script.ts";
import { tar } from "./tar.ts";

/** Where the program is in our images that asks a speaker. */
const healthProgram = "/opt/fe80/dist/bin/fe80-health.js";

/**
 * Runs a daemon with its output in its log, and tells how it ended. Its words: the log, how to ask the daemon for its health, and
 * the command.
 *
 * It stays as the daemon's parent: the container goes on without the daemon, as a namespace does.
 */
const runner = `mkdir -p "$(dirname "$0")"; printf "%s\n" "$1" >${healthScript}; shift; "$@" >>"$0" 2>&1; echo $?`;

/** Starts a daemon in its container, with its files written. How it could not be started is how it ended. */
export function startDaemon(
  engine: Engine,
  { container, daemon }: { container: string; daemon: Daemon },
): Process {
  const program = launch(engine, { container, daemon });
  const ended = program.then(endOf, (error: unknown) => `cannot be started: ${messageOf(error)}`);
  const use = (work: (program: Program) => void) => void program.then(work, () => {});
  if (daemon.input === undefined) use(({ stream }) => stream.end());
  return {
    pid: 0,
    feed: (input) => use(({ stream }) => stream.end(input)),
    ended,
    release: () => use(({ stream }) => stream.destroy()),
  };
}

async function launch(
  engine: Engine,
  { container, daemon }: { container: string; daemon: Daemon },
): Promise<Program> {
  const { name, files, log, command } = daemon;
  await writeFiles(engine, container, files);
  const env = [`${DAEMON_MARK}=${name}`];
  return await startProgram(
    engine,
    { container, command: ["sh", "-c", runner, log, healthOf(daemon), ...command] },
    { env },
  );
}

/** How the engine asks a daemon: as we do. */
function healthOf({ probe }: Daemon): string {
  if (probe.type === "control") return `exec node ${healthProgram} ${probe.socket.path}`;
  const [, , script] = scriptOf(probe.commands).words;
  return `{ ${script}; } >/dev/null`;
}

/** Puts what a daemon reads into its container. */
export async function writeFiles(engine: Engine, container: string, files: Daemon["files"]): Promise<void> {
  if (files.length === 0) return;
  await engine.work(`put files into ${container}`, () =>
    engine.container(container).putArchive(tar(files), { path: "/" }),
  );
}

/** Settles when the runner has told how the daemon ended, or was ended with it. */
async function endOf({ stream }: Program): Promise<string> {
  // Whoever does not read to the end of its input has ended, which is told.
  stream.on("error", () => {});
  let text = "";
  try {
    for await (const { octets } of readFrames(stream)) text += Buffer.from(octets).toString();
  } catch {} // the connection to the engine is lost, or was let go
  const code = text.trim();
  return code === "" ? "SIGKILL" : `exit code ${code}`;
}
