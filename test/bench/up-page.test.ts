import t from "tap";
import { withMeasured } from "../../bench/up-page.ts";

const page = `before
<!-- measured by bench/up.ts -->

Some time ago.

| lab | routers |
| --- | --- |
| b | 2 |
| gone | 1 |

Where the time goes:

- b: slowly

<!-- end -->
after
`;

t.test("what is measured takes its place among the rows that are there, and all else stays", (t) => {
  const options = { head: ["lab", "routers"], order: ["a", "b", "c"], note: "Now." };
  const measured = [
    { row: ["c", "3"], stages: "c: quickly" },
    { row: ["a", "1"], stages: "a: at once" },
  ];
  const written = withMeasured(page, measured, options);
  const changed = page
    .replace("Some time ago.", "Now.")
    .replace("| b | 2 |\n| gone | 1 |", "| a | 1 |\n| b | 2 |\n| c | 3 |")
    .replace("- b: slowly", "- a: at once\n- b: slowly\n- c: quickly");
  t.equal(written, changed);
  t.equal(withMeasured(written, measured, options), written, "the same again changes nothing");
  t.match(withMeasured(written, [{ row: ["b", "4"], stages: "b: fast" }], options), "| a | 1 |\n| b | 4 |");
  t.end();
});
