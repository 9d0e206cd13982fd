import type { SessionDetail } from "../bgp/control/session-detail.ts";
import type { Daemon, PlacedFile } from "../kinds/kind.ts";
import { type SessionEnd, sessionName } from "../net/session-name.ts";
import type { Plan } from "../plan/plan.ts";
import { errorsIn, LabError, messageOf } from "../std/errors.ts";
import type { Environment } from "./environment.ts";
import { inTime } from "./probes.ts";

/** What could be learnt of many, and why the rest could not. */
export interface Learnt<T> {
  readonly found: readonly T[];
  readonly missing: readonly string[];
}

/** All of each session of a lab; a daemon that has not answered once is not asked again. */
export async function sessionDetails(
  { plan, daemons }: { plan: Plan; daemons: readonly Daemon[] },
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<Learnt<SessionDetail>> {
  const found: SessionDetail[] = [];
  const missing: string[] = [];
  const ask = async (daemon: Daemon, socket: PlacedFile) => {
    for (const end of sessionEndsOf(plan, daemon)) {
      found.push(
        await inTime(daemon, { clock: environment.clock, signal }, (either) =>
          environment.control.session(socket, end, either),
        ),
      );
    }
  };
  await eachControlled(daemons, missing, ask);
  return { found, missing };
}

/** Asks the daemons that can be asked in detail, all at once, and notes which cannot. @throws what is no {@link LabError} */
export async function eachControlled(
  daemons: readonly Daemon[],
  missing: string[],
  ask: (daemon: Daemon, socket: PlacedFile) => Promise<void>,
): Promise<void> {
  const work = daemons.map(async (daemon) => {
    const { probe, name } = daemon;
    if (probe.type !== "control") {
      missing.push(`${name} tells nothing of its sessions and routes in detail`);
      return;
    }
    try {
      await ask(daemon, probe.socket);
    } catch (error) {
      if (!errorsIn(error).every((each) => each instanceof LabError)) throw error;
      missing.push(messageOf(error));
    }
  });
  await Promise.all(work);
}

function sessionEndsOf({ nodes }: Plan, { routers }: Daemon): SessionEnd[] {
  return nodes
    .filter(({ name }) => routers.includes(name))
    .flatMap(({ name: router, router: { sessions } }) =>
      sessions.map((session) => ({ router, session: sessionName(session) })),
    );
}
