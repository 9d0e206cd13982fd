import { readFileSync } from "node:fs";
import t from "tap";
import { fe80, file, nothing, traces } from "./command.ts";

const [, documented = ""] = /^```yaml\n(.*?)^```/ms.exec(readFileSync("docs/checks.md", "utf8")) ?? [];

/** The lab of docs/checks.md under another name, with something else in it. */
const lab = (name: string, change: (text: string) => string = (text) => text) =>
  change(documented.replace(/^name: .*$/m, `name: ${name}`));

t.test("the checks of docs/checks.md pass on its lab", async (t) => {
  const before = traces("e2e-expect");
  const { exit, stdout } = await fe80("test", file(t, lab("e2e-expect")));
  t.equal(exit, 0, stdout);
  t.strictSame(traces("e2e-expect"), nothing(before));
});

t.test("checks that are not met fail the test, each with what was found", async (t) => {
  const before = traces("e2e-expect-not");
  const text = lab("e2e-expect-not", (text) =>
    text
      .replace("within: 10s", "within: 3s")
      .replace("hold-time: 9", "hold-time: 30")
      .replace("count: 0", "count: 2")
      .replace("via: [eth1] }", "via: [eth7] }"),
  );
  const { exit, stdout } = await fe80("test", file(t, text));
  t.equal(exit, 1);
  t.match(stdout, /\.yaml:\d+:7: r1:eth0 has hold time 9, expected 30$/m);
  t.match(stdout, /:\d+:\d+: r4 has a route to 0 prefixes, expected 2$/m);
  t.strictSame(traces("e2e-expect-not"), nothing(before));
});

t.test("who does not answer, or should not, fails the test", async (t) => {
  const text = lab("e2e-expect-ping", (text) =>
    text.replace("within: 10s", "within: 3s").replace("through: [r2:eth1] }", "reaches: false }"),
  );
  const { exit, stdout } = await fe80("test", file(t, text));
  t.equal(exit, 1);
  t.match(stdout, /: r1 reaches r3, from 10\.0\.1\.1 to 10\.0\.3\.1, and must not$/m);
});

t.test("a kernel that is not as checked fails the test", async (t) => {
  const text = lab("e2e-expect-kernel", (text) =>
    text.replace("within: 10s", "within: 3s").replace("via: [eth1] }", "via: [eth7] }"),
  );
  const { exit, stdout } = await fe80("test", file(t, text));
  t.equal(exit, 1);
  t.match(stdout, /: the kernel of r2 has 10\.0\.3\.0\/24: via eth1, expected via eth7$/m);
});

t.test("packets that take another way than is asked for fail the test", async (t) => {
  const text = lab("e2e-expect-way", (text) =>
    text.replace("within: 10s", "within: 3s").replace("through: [r2:eth1]", "through: [r4, r2]"),
  );
  const { exit, stdout } = await fe80("test", file(t, text));
  t.equal(exit, 1);
  t.match(stdout, /: r1 reaches r3 through r2:eth1, expected through r4, r2$/m);
});
