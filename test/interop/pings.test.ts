import t from "tap";
import { lostIn } from "../../src/interop/pings.ts";

t.test("what is lost is lost between two answers", async (t) => {
  const answers = (...sequences: number[]) => sequences.map((sequence) => ({ sequence, atMs: 0 }));
  t.equal(lostIn(answers()), 0);
  t.equal(lostIn(answers(7)), 0);
  t.equal(lostIn(answers(1, 2, 3)), 0);
  t.equal(lostIn(answers(3, 4, 7, 9)), 3);
});
