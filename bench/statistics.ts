import { loadavg } from "node:os";

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The machine's load: what was measured beside others' work says little in seconds, and more in ratios. */
export function loadLine(): string {
  const [one = 0, five = 0] = loadavg();
  return `load average ${one.toFixed(1)} (1 min), ${five.toFixed(1)} (5 min)`;
}

/** Milliseconds since 1970, with fractions. */
export const now = () => performance.timeOrigin + performance.now();
