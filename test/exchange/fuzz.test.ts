import fc from "fast-check";
import t from "tap";
import { type ClabText, notClab, openClab } from "../../src/exchange/clab-form.ts";
import { importClab } from "../../src/exchange/import-clab.ts";
import { formatSketch } from "../../src/generate/format-sketch.ts";
import { yamlLines } from "../../src/std/yaml-text.ts";
import { TopologyError } from "../../src/topology/diagnostic.ts";
import { parseTopology } from "../../src/topology/parse.ts";

const name = fc.constantFrom("a", "b", "c", "host", "no.dots", "7", "__proto__", "");
const kind = fc.constantFrom("linux", "bridge", "srl", null, 7, {}, [name]);
const image = fc.constantFrom("fe80", "bird:2", "frr", "alpine", `\${X}`, `\${X:=bird}`, null, 1.5);
const scrap = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant([]), fc.constant({}));
const exec = fc.oneof(
  scrap,
  fc.constantFrom([], ["ip addr add 10.1.0.1/24 dev eth1"], ["ip a a x dev eth1", 7]),
);
const body = fc.oneof(
  scrap,
  fc.record({ kind, image, group: name, binds: scrap, exec }, { requiredKeys: [] }),
);
const end = fc.oneof(
  scrap,
  fc.tuple(name, fc.constantFrom("eth1", "eth2", "ethernet-1/1", "lo", "")).map((parts) => parts.join(":")),
  fc.record({ node: name, interface: scrap, mac: scrap }, { requiredKeys: [] }),
);
const link = fc.oneof(
  scrap,
  fc.record(
    {
      type: fc.constantFrom("veth", "macvlan", null),
      endpoints: fc.array(end, { maxLength: 3 }),
      mtu: scrap,
    },
    { requiredKeys: [] },
  ),
);
const bodies = fc.oneof(scrap, fc.dictionary(name, body, { noNullPrototype: true }));
const file = fc.record(
  {
    name: fc.oneof(name, scrap),
    mgmt: scrap,
    topology: fc.record(
      {
        defaults: body,
        kinds: bodies,
        groups: bodies,
        nodes: bodies,
        links: fc.oneof(scrap, fc.array(link, { maxLength: 4 })),
      },
      { requiredKeys: ["nodes"] },
    ),
  },
  { requiredKeys: ["topology"] },
);

function opened(input: { file: string; text: string }): ClabText {
  const clab = openClab(input);
  if (clab === undefined) throw notClab(input);
  return clab;
}

/** Whether work ends well or with diagnostics; whatever else it throws is a bug. */
function isTold(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof TopologyError && error.diagnostics.length > 0) return true;
    throw error;
  }
}

t.test("no containerlab file gives anything but a topology or diagnostics", async (t) => {
  const options = { environment: {}, replaceKinds: new Map([["srl", "speaker"] as const]) };
  fc.assert(
    fc.property(file, (value) => {
      const input = { file: "x.clab.yml", text: yamlLines(value as never).join("\n") };
      return isTold(() => {
        const { sketch } = importClab(opened(input), options);
        parseTopology({ file: "x.yaml", text: formatSketch(sketch) });
      });
    }),
    { numRuns: 1000 },
  );
  t.pass("1000 files");
});

t.test("nor does any text", async (t) => {
  const options = { environment: {}, replaceKinds: new Map() };
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(..."topology: nodes{}[]&a*a\n -") }).map((rest) => `topology: ${rest}`),
  );
  fc.assert(
    fc.property(text, (text) => isTold(() => importClab(opened({ file: "x.clab.yml", text }), options))),
    { numRuns: 1000 },
  );
  t.pass("1000 texts");
});
