import t from "tap";
import { Advertiser } from "../../../src/bgp/speaker/advertiser.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";

/** When advertisements were sent, in milliseconds. */
function create(random = () => 0.5) {
  const clock = new VirtualClock();
  const times: number[] = [];
  const advertiser = new Advertiser({ clock, random }, () => times.push(clock.now()));
  return { clock, advertiser, times };
}

t.test("three advertisements in a row, then one in each interval (RFC 4861 §6.2.4)", async (t) => {
  const { clock, advertiser, times } = create();
  advertiser.start();
  clock.advance(20_000);
  t.strictSame(times, [0, 3000, 6000, 12_650, 19_300]);
});

t.test(
  "the interval is drawn between a third of the longest and the longest (RFC 4861 §6.2.1)",
  async (t) => {
    for (const [drawn, interval] of [
      [0, 3300],
      [0.999_999, 10_000],
    ] as const) {
      const { clock, advertiser, times } = create(() => drawn);
      advertiser.start();
      clock.advance(16_000);
      t.equal(Math.round((times[3] ?? 0) - (times[2] ?? 0)), interval);
    }
  },
);

t.test("a newcomer is told soon, but three seconds after the last (RFC 4861 §6.2.6)", async (t) => {
  const { clock, advertiser, times } = create();
  advertiser.start();
  clock.advance(7000);
  for (let newcomer = 0; newcomer < 10; newcomer++) advertiser.hurry();
  clock.advance(2500);
  t.strictSame(times, [0, 3000, 6000, 9000]);
  clock.advance(3000);
  advertiser.hurry();
  clock.advance(0);
  t.strictSame(times.slice(4), [12_500]);
});

t.test("an advertiser that is disposed of is silent", async (t) => {
  const { clock, advertiser, times } = create();
  advertiser.start();
  advertiser[Symbol.dispose]();
  clock.advance(60_000);
  t.strictSame(times, [0]);
});

t.test("a new start is a new beginning", async (t) => {
  const { clock, advertiser, times } = create();
  advertiser.start();
  clock.advance(10_000);
  advertiser.start();
  clock.advance(6000);
  t.strictSame(times, [0, 3000, 6000, 10_000, 13_000, 16_000]);
});
