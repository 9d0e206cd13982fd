import t from "tap";
import type { RouteDetail } from "../../src/bgp/control/route-detail.ts";
import { type PolicyLab, policyLab } from "../support/policy-lab.ts";
import { fe80, file, nothing, traces } from "./command.ts";

// What programs that are not ours make of policies. The daemons are not optional: `make daemons` installs them.

const kinds = ["frr", "bird", "gobgp", "openbgpd"] as const;
const sinks = ["k1", "k2", "k3"];

/** Every key and every word of policies that a kind can do is used: this seed was chosen for that. */
const seed = 71;
const words = { frr: 24, bird: 26, gobgp: 21, openbgpd: 21 };

t.test("policies make of routes what ours makes of them, whatever the kind", async (t) => {
  const name = "e2e-kind-policies";
  const before = traces(name);
  const lab = policyLab(name, { seed, kinds });
  for (const kind of kinds) t.equal(wordsOf(lab, kind).size, words[kind], `all that ${kind} can do`);

  const up = await fe80("up", "-q", file(t, lab.text));
  t.equal(up.exit, 0, up.stderr);
  const tables = (await Promise.all(sinks.map((sink) => heardBy(lab, sink)))).flat();
  for (const kind of kinds) {
    const of = (router: string) => tables.filter((one) => one.from === router).map(({ route }) => route);
    const [own, twin] = [of(kind).sort(), of(`${kind}-twin`).sort()];
    t.ok(twin.length > 50, `${twin.length} routes pass`);
    t.strictSame(own, twin, kind);
  }
  t.equal((await fe80("down", name)).exit, 0);
  t.strictSame(traces(name), nothing(before));
});

function wordsOf({ policies }: PolicyLab, kind: string): Set<string> {
  const own = Object.keys(policies).filter((name) => name.startsWith(`${kind}-`));
  const rules = own.flatMap((name) => policies[name] ?? []);
  return new Set(
    rules.flatMap(({ match, set, ...decision }) => [
      ...Object.keys(match).map((key) => `match ${key}`),
      ...Object.entries(set).flatMap(([key, value]) =>
        typeof value === "object" && value !== null
          ? Object.keys(value).map((word) => `set ${key} ${word}`)
          : [`set ${key}`],
      ),
      ...Object.values(decision).map(String),
    ]),
  );
}

/** The routes that a sink can use of those that it was told, each as one text, with the router that told it. */
async function heardBy({ name, links }: PolicyLab, sink: string) {
  const { exit, stdout, stderr } = await fe80("routes", name, sink, "-f", "json");
  if (exit !== 0) throw new Error(stderr);
  // Interfaces are counted in the order of the links.
  const told = links.filter(({ link }) => link.endsWith(` ${sink}`)).map(({ link }) => link.split(" ")[0]);
  return (JSON.parse(stdout) as RouteDetail[])
    .filter(({ state }) => state !== "unusable")
    .map((route) => ({
      from: told[Number(route.peer?.ifname.slice("eth".length))],
      route: `${sink} ${route.prefix} ${text(route.attributes)}`,
    }));
}

/** Lists have no order, and a MED of 0 counts as none: FRR tells it for what it originates. */
function text(attributes: RouteDetail["attributes"]): string {
  const {
    origin,
    asPath,
    localPref,
    med = 0,
    communities,
    extendedCommunities,
    largeCommunities,
  } = attributes;
  const path = asPath.flatMap(({ asns }) => asns).join(" ");
  const list = (items: readonly unknown[] = []) => [...new Set(items.map(String))].sort().join(" ");
  const lists = [communities, extendedCommunities, largeCommunities].map((items) => list(items ?? []));
  return [origin, path, localPref ?? "-", med, ...lists].join(" | ");
}
