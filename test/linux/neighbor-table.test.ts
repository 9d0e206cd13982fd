import t from "tap";
import { parseNeighborStatistics, readNeighborTable } from "../../src/linux/neighbor-table.ts";

t.test("entries are those of the machine, and what was refused is that of all processors", async (t) => {
  const text = `entries  allocs   destroys table_fulls
00000434 00175aa4 00177f5f 00000010
00000434 0015c04a 00159b5b 00000001
`;
  t.strictSame(parseNeighborStatistics(text), { entries: 0x434, refused: 17 });
});

t.test("the table is seen from the machine's own namespace alone", async (t) => {
  const table = readNeighborTable();
  t.ok(table === undefined || (table.limit > 0 && table.entries >= 0), JSON.stringify(table));
});
