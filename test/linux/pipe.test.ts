import { readSync, writeSync } from "node:fs";
import t from "tap";
import { createPipe } from "../../src/linux/pipe.ts";

t.test("what is written at one end is read at the other, and then its end", async (t) => {
  const { reader, writer } = createPipe();
  using _ = reader;
  writeSync(writer.fd, "OPEN");
  writer[Symbol.dispose]();
  writer[Symbol.dispose]();
  const octets = Buffer.alloc(16);
  t.equal(readSync(reader.fd, octets), 4);
  t.equal(octets.toString("utf8", 0, 4), "OPEN");
  t.equal(readSync(reader.fd, octets), 0);
});
