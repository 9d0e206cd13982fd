import type { RouteDetail } from "../bgp/control/route-detail.ts";
import { detailMismatch, needsDetail } from "../checks/expect/detail-check.ts";
import { unmet } from "../checks/expect/status-checks.ts";
import type { Problem } from "../checks/problems.ts";
import type { Check } from "../plan/plan.ts";
import { pause } from "../std/clock.ts";
import { LabError } from "../std/errors.ts";
import { tryPings } from "./pings.ts";
import type { Asked } from "./why-facts.ts";
import { readRoutes, readSession } from "./why-facts.ts";

/** Between two looks at what nobody tells without being asked. */
const pollMs = 50;

/**
 * Waits until what routers tell only when they are asked is as the file's checks want it: attributes, the kernel's routes, and who reaches whom.
 *
 * @param deadlineAtMs on the environment's clock @returns what is not so by then @throws the signal's reason
 */
export async function awaitDetails(asked: Asked, deadlineAtMs: number): Promise<Problem[]> {
  const checks = (asked.plan.expectation.checks ?? []).filter(needsDetail);
  const { clock } = asked.environment;
  for (;;) {
    const problems = await judge(asked, checks);
    if (problems.length === 0 || clock.now() + pollMs > deadlineAtMs) return problems;
    await pause(clock, pollMs, asked.signal);
  }
}

async function judge(asked: Asked, checks: readonly Check[]): Promise<Problem[]> {
  const byRouter = Map.groupBy(checks, ({ router }) => router);
  const found = await Promise.all(Array.from(byRouter, ([, own]) => judgeRouter(asked, own)));
  return found.flat();
}

async function judgeRouter(asked: Asked, checks: readonly Check[]): Promise<Problem[]> {
  const [first] = checks;
  if (!first) return [];
  const { router } = first;
  try {
    const needsKernel = checks.some(({ type }) => type === "kernel");
    const { runtime } = asked.environment;
    const routes = needsKernel ? await runtime.kernelRoutes({ lab: asked.plan.lab, router }) : [];
    const kernel = routes.map(({ prefix, nextHops }) => ({ prefix, vias: nextHops.map(({ via }) => via) }));
    const reasons = await Promise.all(
      checks.map(async (check) =>
        check.type === "ping"
          ? await tryPings(asked, check)
          : detailMismatch(check, {
              best: await bestOf(asked, check),
              session: check.type === "session" ? await readSession(asked, check) : undefined,
              kernel,
              nowMs: asked.environment.clock.wallTime(),
            }),
      ),
    );
    return checks.flatMap((check, index) => {
      const reason = reasons[index];
      return reason === undefined ? [] : unmet(check, reason);
    });
  } catch (error) {
    asked.signal.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
    return checks.map((check) => unmet(check, `${router} does not answer: ${error.message}`));
  }
}

async function bestOf(asked: Asked, check: Check): Promise<RouteDetail | undefined> {
  if (check.type !== "route") return undefined;
  const { router, prefix } = check;
  const routes = await readRoutes(asked, { router, prefix, table: "locRib", session: null });
  return routes.find(({ state }) => state === "best");
}
