import { openSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { Counter } from "./counter.ts";
import { keepalive, open } from "./messages.ts";

/** The floor: takes one session, counts its prefixes, and keeps nothing. Its argument is JSON, see daemons/floor.ts. */
const { counts, asn, routerId } = JSON.parse(process.argv[2] ?? "");
const file = openSync(counts, "r+");

createServer((socket) => {
  let count = 0;
  const counter = new Counter({
    open: () => {
      socket.write(open({ asn, routerId, holdTime: 9 }));
      socket.write(keepalive);
      setInterval(() => socket.write(keepalive), 3000).unref();
    },
    keepalive: () => {},
    update: (announced, withdrawn) => {
      count += announced - withdrawn;
    },
    notification: () => {},
  });
  socket.on("data", (chunk) => {
    counter.push(chunk);
    writeSync(file, String(count).padStart(10), 0); // never empty, whenever it is read
  });
  socket.on("error", () => {});
}).listen(179, "::");
