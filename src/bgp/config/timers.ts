import * as v from "valibot";
import type { Timers } from "./config.ts";
import { expected, withHint } from "./message.ts";

/** The fields of {@link Timers}, each by itself; {@link keepaliveProblem} judges them together. */
export const timerFields = {
  holdTime: v.pipe(
    seconds("a hold time"),
    v.check(
      (value) => value === 0 || (value >= 3 && value <= 0xffff),
      ({ input }) =>
        withHint(`hold time ${input} is not allowed (RFC 4271 §4.2)`, "0 for none, or 3 to 65535 s"),
    ),
  ),
  keepaliveTime: within(seconds("a keepalive time"), { name: "keepalive time", min: 0 }),
  connectRetryTime: within(seconds("a connect retry time"), { name: "connect retry time", min: 1 }),
  idleHoldTime: within(seconds("an idle hold time"), { name: "idle hold time", min: 0 }),
};

/** Why a session with these timers would expire by itself, in the form of `withHint`; undefined if it would not. */
export function keepaliveProblem({
  holdTime,
  keepaliveTime,
}: Pick<Timers, "holdTime" | "keepaliveTime">): string | undefined {
  if (holdTime === 0) return undefined;
  const hint = `a third of the hold time is usual: ${thirdOf(holdTime)} s`;
  if (keepaliveTime === 0) return withHint(`keepalive time 0 needs hold time 0, not ${holdTime}`, hint);
  if (keepaliveTime < holdTime) return undefined;
  return withHint(`keepalive time ${keepaliveTime} is not below the hold time ${holdTime}`, hint);
}

/** The keepalive time that goes with a hold time, both in seconds (RFC 4271 §4.4). */
export function thirdOf(holdTime: number): number {
  return Math.floor(holdTime / 3);
}

function seconds(what: string) {
  return v.pipe(v.number(expected(`${what} in seconds`)), v.integer(expected(`${what} in whole seconds`)));
}

function within(field: ReturnType<typeof seconds>, { name, min }: { name: string; min: number }) {
  return v.pipe(
    field,
    v.check(
      (value) => value >= min && value <= 0xffff,
      ({ input }) => `${name} ${input} is outside ${min} to 65535 s`,
    ),
  );
}
