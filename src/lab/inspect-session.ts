import { formatSessionEnd, type SessionEnd, sessionName } from "../net/session-name.ts";
import type { Plan } from "../plan/plan.ts";
import { type SessionDetailReport, withPeer } from "../report/lab-report.ts";
import type { Environment } from "./environment.ts";
import { RouterUnknownError, SessionOpaqueError, SessionUnknownError } from "./errors.ts";
import { readRecord } from "./lab-directory.ts";
import { runningLab } from "./names.ts";
import { inTime } from "./probes.ts";

/**
 * All that is known of one session of a lab.
 *
 * @param target `lab` as for `inspect`; `session` is `router:ifname`, or `router:ifname/address` on a shared link
 * @throws {RouterUnknownError} {@link SessionUnknownError} {@link SessionOpaqueError}
 */
export async function inspectSession(
  target: { lab: string | undefined; session: string },
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<SessionDetailReport> {
  const { name } = await runningLab(target.lab, environment);
  const { plan, daemons } = await readRecord(name, environment);
  const end = findSession(plan, target.session);
  const daemon = daemons.find(({ routers }) => routers.includes(end.router));
  if (daemon?.probe.type !== "control") {
    const { kind = "another kind" } = plan.nodes.find((node) => node.name === end.router) ?? {};
    throw new SessionOpaqueError(`${end.router} runs ${kind}, which does not tell so much of a session`, {
      hint: `fe80 inspect ${name} shows what it tells, fe80 logs ${name} ${end.router} what it logs`,
    });
  }
  const { socket } = daemon.probe;
  const { clock, control } = environment;
  const detail = await inTime(daemon, { clock, signal }, (either) => control.session(socket, end, either));
  return withPeer(detail, plan.expectation);
}

function findSession(plan: Plan, text: string): SessionEnd {
  const [name = "", session] = text.split(":");
  const node = plan.nodes.find((candidate) => candidate.name === name);
  if (!node && session !== undefined) {
    throw new RouterUnknownError({ lab: plan.lab, router: name, routers: plan.nodes.map((n) => n.name) });
  }
  const nodes = node ? [node] : plan.nodes;
  const sessions = nodes.flatMap(({ name: router, router: { sessions } }) =>
    sessions.map((session) => ({ router, session: sessionName(session) })),
  );
  const found = sessions.find((session) => formatSessionEnd(session) === text);
  if (found) return found;
  throw new SessionUnknownError({ lab: plan.lab, session: text, sessions: sessions.map(formatSessionEnd) });
}
