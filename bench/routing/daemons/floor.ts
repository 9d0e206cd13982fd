import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Link } from "../network.ts";
import type { Daemon } from "./daemon.ts";

/** No daemon at all, but a program that reads and counts: what the injector and TCP take by themselves. */
export const floor: Daemon = {
  name: "floor",
  addresses: "linkLocal",
  kernel: [false],
  pauseMs: 10,
  prepare({ directory, links: [first] }) {
    const counts = `${directory}/counts`;
    writeFileSync(counts, "0");
    const { daemon } = first as Link;
    const program = fileURLToPath(new URL("../reader.ts", import.meta.url));
    return [{ argv: [process.execPath, program, JSON.stringify({ counts, ...daemon })] }];
  },
  async count({ directory }) {
    return Number(readFileSync(`${directory}/counts`, "utf8"));
  },
};
