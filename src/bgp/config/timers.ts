import * as v from "valibot";
import type { Jitter, Timers } from "./config.ts";
import { expected, withHint } from "./message.ts";

/** Seconds: a peer that waits for our OPEN longer than that gives up (RFC 4271 §8.2.2, the large hold time). */
const MAX_DELAY_OPEN = 240;

/** Seconds: the field has 12 bits (RFC 4724 §3). */
const MAX_RESTART = 4095;

const jitterHint = "two factors such as [0.75, 1], each from 0.1 to 10, the smaller first";

/** The fields of {@link Timers}, each by itself; {@link keepaliveProblem} judges them together. */
export const timerFields = {
  holdTime: v.pipe(
    seconds("a hold time"),
    v.check(
      (value) => value === 0 || (value >= 3 && value <= 0xffff) || !Number.isInteger(value),
      ({ input }) =>
        withHint(`hold time ${input} is not allowed (RFC 4271 §4.2)`, "0 for none, or 3 to 65535 s"),
    ),
  ),
  keepaliveTime: within(seconds("a keepalive time"), { name: "keepalive time", min: 0 }),
  connectRetryTime: within(seconds("a connect retry time"), { name: "connect retry time", min: 1 }),
  idleHoldTime: within(seconds("an idle hold time"), { name: "idle hold time", min: 0 }),
  delayOpenTime: within(seconds("a delay open time"), {
    name: "delay open time",
    min: 0,
    max: MAX_DELAY_OPEN,
  }),
  sendHoldTime: within(seconds("a send hold time"), { name: "send hold time", min: 1 }),
  restartTime: within(seconds("a restart time"), { name: "restart time", min: 0, max: MAX_RESTART }),
  connectRetryJitter: jitterField(),
  idleHoldJitter: jitterField(),
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

function jitterField() {
  const factor = v.number(expected("a factor", jitterHint));
  return v.pipe(
    v.strictTuple([factor, factor], expected("two factors", jitterHint)),
    v.check(
      ([min, max]) => min >= 0.1 && min <= max && max <= 10,
      ({ input: [min, max] }) => withHint(`[${min}, ${max}] is not a range of factors`, jitterHint),
    ),
    v.transform((range): Jitter => range),
  );
}

function within(
  field: ReturnType<typeof seconds>,
  { name, min, max = 0xffff }: { name: string; min: number; max?: number },
) {
  return v.pipe(
    field,
    v.check(
      (value) => (value >= min && value <= max) || !Number.isInteger(value),
      ({ input }) => `${name} ${input} is outside ${min} to ${max} s`,
    ),
  );
}
