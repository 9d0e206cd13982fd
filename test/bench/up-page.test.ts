import t from "tap";
import { withMeasured } from "../../bench/up-page.ts";

const before = `
Some time ago.

| lab | routers |
| --- | --- |
| b | 2 |
| gone | 1 |

Where the time goes:

- b: slowly
`.split("\n");

const after = `Now.

| lab | routers |
| --- | --- |
| a | 1 |
| b | 2 |
| c | 3 |

Where the time goes:

- a: at once
- b: slowly
- c: quickly`.split("\n");

t.test("what is measured takes its place among the rows that are there, and all else stays", (t) => {
  const options = { head: ["lab", "routers"], order: ["a", "b", "c"], note: "Now." };
  const measured = [
    { row: ["c", "3"], stages: "c: quickly" },
    { row: ["a", "1"], stages: "a: at once" },
  ];
  t.strictSame(withMeasured(before, measured, options), after);
  t.strictSame(withMeasured(after, measured, options), after, "the same again changes nothing");
  const again = withMeasured(after, [{ row: ["b", "4"], stages: "b: fast" }], options);
  t.strictSame(again, after.with(5, "| b | 4 |").with(11, "- b: fast"));
  t.end();
});
