import { once } from "node:events";
import { Worker } from "node:worker_threads";
import t from "tap";
import type { Outcome } from "./worst-topologies-worker.ts";

/** What every worst case may use: a limit of memory that one of them would break ends all. */
const resourceLimits = { maxOldGenerationSizeMb: 1024 };

/** Those that take little time; the fuzzer begins with all of them. */
const outcomesByName: ReadonlyMap<string, RegExp | null> = new Map(
  Object.entries({
    "20,000 links side by side": null,
    "a star of 10,000 with a prefix each": /:2:39: 10,000 routers may come to have 10,000 prefixes each$/,
    "a mesh whose routers tell all they hear": /it would take too long/,
    "many ways that are all told": /it would take too long/,
    "prefixes that all routers share": /the routers have too many prefixes/,
    "groups that add up": /the routers have too many prefixes and communities/,
    "rules that all sessions share": /it would take too long/,
    "a chain of patterns": /too many patterns/,
    "aliases of lists": /aliases repeat too much/,
    "one router in 35,000 groups": /the file says too much/,
  }),
);

t.test(
  "what stands for very much is compiled or refused, in bounded memory",
  { timeout: 110_000 },
  async (t) => {
    const workerData = [...outcomesByName.keys()];
    const url = new URL("worst-topologies-worker.ts", import.meta.url);
    const worker = new Worker(url, { resourceLimits, workerData });
    const [outcomes]: [Outcome[]] = await Promise.race([
      once(worker, "message") as Promise<[Outcome[]]>,
      once(worker, "exit").then(() => Promise.reject(new Error("the worker ended early"))),
    ]);
    const told = Object.fromEntries(outcomes.map(({ name, message }) => [name, message]));
    t.match(told, Object.fromEntries(outcomesByName));
  },
);
