import type { Effect } from "../bgp/config/effect.ts";
import type { NodePlan, Plan } from "../plan/plan.ts";
import type { Environment } from "./environment.ts";
import { LabDiffersError } from "./errors.ts";
import { daemonOf, daemonsFor, readRecord, writeRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { runningLab } from "./names.ts";
import { tellRouter } from "./reconfigure.ts";

/** What became of one router. */
export interface Applied {
  readonly router: string;
  readonly effects: readonly Effect[];
}

/**
 * Gives the routers of a running lab the policies of a plan, without a reset of any session, and expects what follows from them.
 *
 * @param lab its name or topology file; that of the plan unless given
 * @returns the routers that have other policies now
 * @throws {LabDiffersError} if the plan has other things, too @throws {LabLockedError}
 */
export async function applyPolicies(
  { plan, lab = plan.lab }: { plan: Plan; lab: string | undefined },
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<Applied[]> {
  const { name } = await runningLab(lab, environment);
  using _ = lockLab({ lab: name, command: "policy" }, environment.directories);
  const record = await readRecord(name, environment);
  const pairs = pairsOf(record.plan, plan);
  const changed = pairs.filter(({ before, after }) => policing(before) !== policing(after));
  const applied: Applied[] = [];
  const { processes, spread } = record;
  const own = { ...environment, processes, spread };
  const daemons = daemonsFor({ ...plan, lab: name }, own);
  for (const { before, after } of changed) {
    const told = { former: before.router, config: after.router };
    const daemon = daemonOf(daemons, after.name);
    applied.push({
      router: after.name,
      effects: await tellRouter(told, daemon, { lab: name, environment, signal }),
    });
  }
  await writeRecord({ ...plan, lab: name }, own);
  return applied;
}

/** The routers of a lab as they are and as they should be. */
function pairsOf(before: Plan, after: Plan): { before: NodePlan; after: NodePlan }[] {
  const found = new Map(before.nodes.map((node) => [node.name, node]));
  const pairs = after.nodes.flatMap((node) => {
    const former = found.get(node.name);
    return former && apart(former) === apart(node) ? [{ before: former, after: node }] : [];
  });
  const strangers = [...before.nodes, ...after.nodes].filter(
    ({ name }) => !pairs.some((pair) => pair.after.name === name),
  );
  const names = [...new Set(strangers.map(({ name }) => name))];
  const isSame = names.length === 0 && wiring(before) === wiring(after);
  if (isSame) return pairs;
  const where = names.length === 0 ? "its links" : `what it says of ${names.slice(0, 8).join(", ")}`;
  throw new LabDiffersError(`the file differs from the running lab in more than policies: ${where}`, {
    hint: `fe80 up changes all of ${before.lab} that is different`,
  });
}

const wiring = ({ links, segments }: Plan) => JSON.stringify([links, segments]);

/** All that is said of a router beside its policies. */
function apart({ router, ...node }: NodePlan): string {
  const sessions = router.sessions.map((session) => ({ ...session, importPolicy: null, exportPolicy: null }));
  return JSON.stringify({ ...node, router: { ...router, policies: {}, sessions } });
}

function policing({ router: { policies, sessions } }: NodePlan): string {
  return JSON.stringify([policies, sessions.map((session) => [session.importPolicy, session.exportPolicy])]);
}
