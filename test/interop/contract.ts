import t, { type Test } from "tap";
import type { RouteDetail } from "../../src/bgp/control/route-detail.ts";
import type { Daemon, Make } from "./daemon.ts";
import { Feeder } from "./feeder.ts";
import {
  asns,
  createLab,
  feederAsn,
  kernelRoutes,
  type Lab,
  type Speaker,
  startSpeaker,
  until,
} from "./lab.ts";
import { badRoutes, goodRoutes, marker } from "./malformed.ts";
import { attribute, u32 } from "./octets.ts";

/** What ours and another make of speaker must do for each other, over one unnumbered link. */
export function contract(make: Make): void {
  t.jobs = 5; // most of the time is that of other makes, who wait before they dial
  t.test(`${make.name} and ours tell each other several paths (RFC 7911)`, (t) => severalPaths(t, make));
  t.test(`${make.name} restarts, and ours keeps its routes meanwhile (RFC 4724 §4.2)`, (t) =>
    theyRestart(t, make),
  );
  t.test(`ours restarts, and ${make.name} keeps its routes meanwhile (RFC 4724 §4.1)`, (t) =>
    weRestart(t, make),
  );
  t.test(`${make.name} and ours carry each other's large communities (RFC 8092)`, (t) =>
    largeCommunities(t, make),
  );
  t.test(`what is malformed ends at ours, and ${make.name} stays up (RFC 7606)`, (t) => malformed(t, make));
}

async function severalPaths(t: Test, make: Make): Promise<void> {
  const lab = createLab(t);
  const { ours, theirs } = await both(t, { make, lab });
  const feeders = await Promise.all(lab.feeders.map((feeder) => Feeder.establish(t, feeder)));
  for (const feeder of feeders.slice(0, 2)) feeder.announce("192.0.2.0/24");
  for (const feeder of feeders.slice(2)) feeder.announce("198.51.100.0/24");
  const there = () => theirs.paths("192.0.2.0/24");
  await until("they have two paths", async () => (await there()).length === 2);
  const expected = [1, 2].map((number) => `${asns.ours} ${feederAsn(number)}`);
  t.strictSame((await there()).map(({ asPath }) => asPath).toSorted(), expected);
  const here = async () => (await received(ours)).filter(({ prefix }) => prefix === "198.51.100.0/24");
  await until("we have two paths", async () => (await here()).length === 2);
  t.strictSame(
    (await here()).map(pathOf).toSorted(),
    [3, 4].map((number) => [asns.theirs, feederAsn(number)]),
  );
  t.equal(new Set((await here()).map(({ pathId }) => pathId)).size, 2, "told apart by their identifiers");
}

async function theyRestart(t: Test, make: Make): Promise<void> {
  const lab = createLab(t);
  const originate = ["10.2.1.0/24", "10.2.2.0/24"];
  const { ours, theirs } = await both(t, { make, lab, originate });
  await until("their routes are in the kernel", async () => kernelRoutes(lab).length === 2);
  await theirs.kill();
  await until("the session is down", async () => !(await ours.session()).up);
  const kept = (await received(ours)).map(({ prefix, stale }) => ({ prefix, stale }));
  t.strictSame(
    kept,
    originate.map((prefix) => ({ prefix, stale: true })),
    "stale, but there",
  );
  t.strictSame(kernelRoutes(lab).toSorted(), originate, "and in the kernel");
  await make.start(t, lab, { originate: originate.slice(0, 1), again: true });
  await until("what they told again is fresh, and the rest gone", async () => {
    const routes = await received(ours);
    return routes.length === 1 && routes.every(({ stale }) => !stale);
  });
  t.strictSame(
    (await received(ours)).map(({ prefix }) => prefix),
    ["10.2.1.0/24"],
  );
}

async function weRestart(t: Test, make: Make): Promise<void> {
  const lab = createLab(t);
  const originate = ["10.1.1.0/24", "10.1.2.0/24"];
  const { ours, theirs } = await both(t, { make, lab, oursOriginates: originate });
  await until("they have our routes", async () => (await theirs.prefixes()).length === 2);
  await ours.kill();
  await until("the session is down", async () => !(await theirs.isUp()));
  t.strictSame(await theirs.prefixes(), originate, "kept without a session");
  const again = await startSpeaker(t, lab, { originate: originate.slice(0, 1), session });
  await until("the session is up again", async () => (await again.session()).up);
  await until("what we did not tell again is gone", async () => (await theirs.prefixes()).length === 1);
  t.strictSame(await theirs.prefixes(), originate.slice(0, 1));
}

async function largeCommunities(t: Test, make: Make): Promise<void> {
  const lab = createLab(t);
  const { ours, theirs } = await both(t, { make, lab, originate: ["10.2.1.0/24"] });
  const feeder = await Feeder.establish(t, lab.feeders[0]);
  const communities = [65_011, 1, 2, 4_200_000_000, 4_294_967_295, 0];
  feeder.announce("192.0.2.0/24", attribute(0xc0, 32, ...communities.flatMap(u32)));
  const there = () => theirs.paths("192.0.2.0/24");
  await until("they have the route", async () => (await there()).length === 1);
  t.match(await there(), [{ largeCommunities: ["4200000000:4294967295:0", "65011:1:2"] }]);
  const here = async () => (await received(ours)).filter(({ prefix }) => prefix === "10.2.1.0/24");
  await until("we have theirs", async () => (await here()).length === 1);
  t.match(await here(), [{ attributes: { largeCommunities: [[asns.theirs, 1, 2]] } }]);
}

async function malformed(t: Test, make: Make): Promise<void> {
  const lab = createLab(t);
  const { ours, theirs } = await both(t, { make, lab });
  const [end] = lab.feeders;
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
}

const session = { addPath: "both", gracefulRestart: "full" } as const;

interface Both {
  readonly make: Make;
  readonly lab: Lab;
  readonly originate?: readonly string[];
  readonly oursOriginates?: readonly string[];
}

/** Both speakers, until their session is up. */
async function both(
  t: Test,
  { make, lab, originate = [], oursOriginates = [] }: Both,
): Promise<{ ours: Speaker; theirs: Daemon }> {
  const [ours, theirs] = await Promise.all([
    startSpeaker(t, lab, { originate: oursOriginates, session }),
    make.start(t, lab, { originate, again: false }),
  ]);
  await until("the session is up", async () => (await ours.session()).up && (await theirs.isUp()));
  return { ours, theirs };
}

/** What they told us, in order. */
async function received(ours: Speaker): Promise<RouteDetail[]> {
  const routes = await ours.routes({ prefix: null, table: "adjRibIn", session: "eth0" });
  return routes.toSorted((a, b) => a.prefix.localeCompare(b.prefix) || a.pathId - b.pathId);
}

function pathOf({ attributes }: RouteDetail): number[] {
  return attributes.asPath.flatMap(({ asns }) => asns);
}
