import t from "tap";
import { FakeMachine } from "../lab/fake-machine.ts";
import { run } from "./run.ts";

t.test("an unknown feature or kind is told with those that there are", async (t) => {
  const feature = await run(["interop", "--features", "md5,md6"]);
  t.equal(feature.exit, 2);
  t.match(feature.err, ["error: there is no feature md6", /^hint: there are session, ipv4, /]);
  const kind = await run(["interop", "--kinds", "quagga"]);
  t.equal(kind.exit, 2);
  t.match(kind.err, ["error: there is no kind quagga", "hint: there are bird, frr, gobgp, openbgpd, exabgp"]);
});

t.test("a kind that is not installed is left out, unless it is asked for", async (t) => {
  const { exit, out, err } = await run(["interop"]);
  t.equal(exit, 0);
  t.match(err, [/^without bird: the program bird is not installed; apt-get install bird2$/]);
  t.equal(err.length, 5);
  t.match(out.at(-1), "0 pass, 0 fail, 0 cannot of 0 cells");
  const asked = await run(["interop", "--kinds", "frr"]);
  t.equal(asked.exit, 1);
  t.match(asked.err, [/is not installed/, "hint: apt-get install frr"]);
});

t.test("what cannot be needs no lab", async (t) => {
  const machine = new FakeMachine();
  machine.programs.add("gobgpd");
  machine.run = async () => ["gobgpd version 3.10.0"];
  const args = ["interop", "--kinds", "gobgp", "--features", "md5,hold-0", "-f", "junit"];
  const { exit, out } = await run(args, machine);
  t.equal(exit, 0);
  t.match(out.join("\n"), /name="speaker – gobgp" .* tests="2" failures="0" errors="0" skipped="2"/);
});
