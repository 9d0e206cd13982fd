import t, { type Test } from "tap";
import { badRoutes, goodRoutes, marker } from "./bad-updates.ts";
import { bird } from "./bird.ts";
import type { Daemon, Make } from "./daemon.ts";
import { Feeder } from "./feeder.ts";
import { frr } from "./frr.ts";
import { gobgp } from "./gobgp.ts";
import { createLab, type Lab, type Speaker, startSpeaker, until } from "./lab.ts";

t.jobs = 3; // most of the time is that of other makes, who wait before they dial

for (const make of [bird, frr, gobgp]) {
  t.test(`what is malformed ends at ours, and ${make.name} stays up (RFC 7606)`, async (t) => {
    const lab = createLab(t);
    const { ours, theirs } = await both(t, { make, lab });
    const { feeder: end } = lab;
    const feeder = await Feeder.establish(t, end);
    for (const { prefix } of [...badRoutes, ...goodRoutes]) feeder.announce(prefix);
    const all = [...badRoutes, ...goodRoutes].map(({ prefix }) => prefix);
    await until("they have all", async () => (await theirs.prefixes()).length === all.length);
    for (const { octets } of [...badRoutes, ...goodRoutes]) feeder.send(octets(end));
    feeder.announce(marker);
    const left = [...goodRoutes.map(({ prefix }) => prefix), marker].toSorted();
    await until("the last one is there, and as many as there should be", async () => {
      const now = await theirs.prefixes();
      return now.includes(marker) && now.length <= left.length;
    });
    t.strictSame(await theirs.prefixes(), left, "treat-as-withdraw took away, attribute discard did not");
    t.ok(feeder.isUp, "the feeder's session is up");
    t.strictSame(await ours.session(), { up: true, count: 1 }, "so is the one with them, ever since");
  });
}

/** Both speakers, until their session is up. */
async function both(
  t: Test,
  { make, lab }: { make: Make; lab: Lab },
): Promise<{ ours: Speaker; theirs: Daemon }> {
  const [ours, theirs] = await Promise.all([startSpeaker(t, lab), make.start(t, lab)]);
  await until("the session is up", async () => (await ours.session()).up && (await theirs.isUp()));
  return { ours, theirs };
}
