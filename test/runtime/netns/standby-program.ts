import { takeUpWork } from "../../../src/runtime/netns/take-up.ts";

// A daemon that writes what it is to do, and then does nothing until it is ended.

const work = takeUpWork();
if (work !== undefined) {
  process.stdout.write(`${work} for ${process.env["FE80_LAB"]}\n`);
  process.stderr.write("oops\n");
  setInterval(() => {}, 60_000);
}
