import fc from "fast-check";
import t from "tap";
import { type Load, type Spreading, spreadRouters } from "../../src/kinds/spread.ts";

const spread = (names: readonly string[], spreading: Spreading) =>
  spreadRouters(
    names.map((name): Load => ({ name, sessions: 2, isAlone: false })),
    spreading,
  );

const routers = (count: number) => Array.from({ length: count }, (_, index) => `r${index + 1}`);

const former = { "speaker-1": ["r1", "r2"], "speaker-3": ["r3"] };

t.test("routers stay where they are, and new ones join the smallest process or get one more", async (t) => {
  t.strictSame(spread(["r1", "r3", "r9"], { processes: 2, spread: former }), {
    "speaker-1": ["r1", "r9"],
    "speaker-3": ["r3"],
  });
  const many = spread(routers(140), { processes: 4, spread: former });
  t.strictSame(Object.keys(many), ["speaker-1", "speaker-3", "speaker-2"]);
  t.strictSame(many["speaker-1"], ["r1", "r2"]);
  t.equal(many["speaker-2"]?.length, 137);
  t.strictSame(spread(["r3"], { processes: 2, spread: former }), { "speaker-3": ["r3"] });
  t.strictSame(spread([], { processes: 2, spread: former }), {});
});

t.test("isolated, only those that share a process leave it", async (t) => {
  t.strictSame(spread(routers(4), { processes: "isolated", spread: former }), {
    "speaker-3": ["r3"],
    "speaker-2": ["r1"],
    "speaker-4": ["r2"],
    "speaker-5": ["r4"],
  });
});

t.test("every router has one place, which is where it was", async (t) => {
  const names = fc.subarray(routers(240));
  const processes = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(names, names, processes, (before, after, processes) => {
      const former = spread(before, { processes });
      const now = spread(after, { processes, spread: former });
      const placed = Object.values(now).flat();
      const isSame = t.strictSame([...placed].sort(), [...after].sort());
      const moved = Object.entries(former).flatMap(([process, members]) =>
        members.filter((name) => after.includes(name) && !now[process]?.includes(name)),
      );
      return isSame && t.strictSame(moved, []) && Object.keys(now).length <= processes;
    }),
  );
});
