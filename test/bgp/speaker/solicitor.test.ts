import t from "tap";
import { Solicitor } from "../../../src/bgp/speaker/solicitor.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";

function create() {
  const clock = new VirtualClock();
  const times: number[] = [];
  const gaveUp: number[] = [];
  const solicitor = new Solicitor(clock, {
    solicit: () => times.push(clock.now()),
    gaveUp: () => gaveUp.push(clock.now()),
  });
  return { clock, solicitor, times, gaveUp };
}

t.test(
  "nobody answers: three solicitations, four seconds apart, and no more (RFC 4861 §6.3.7)",
  async (t) => {
    const { clock, solicitor, times, gaveUp } = create();
    solicitor.start();
    clock.advance(11_000);
    t.equal(solicitor.unanswered, 0, "the last one may still be answered");
    clock.advance(60_000);
    t.strictSame(times, [0, 4000, 8000]);
    t.strictSame(gaveUp, [12_000]);
    t.equal(solicitor.unanswered, 3);
  },
);

t.test("an answer ends the asking", async (t) => {
  const { clock, solicitor, times, gaveUp } = create();
  solicitor.start();
  clock.advance(5000);
  solicitor.answered();
  clock.advance(60_000);
  t.strictSame([times, gaveUp], [[0, 4000], []]);
  t.equal(solicitor.unanswered, 0);
});

t.test("a new start asks anew", async (t) => {
  const { clock, solicitor, times } = create();
  solicitor.start();
  clock.advance(60_000);
  solicitor.start();
  clock.advance(60_000);
  t.equal(times.length, 6);
});
