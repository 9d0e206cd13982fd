import { once } from "node:events";
import { Worker } from "node:worker_threads";
import t from "tap";
import type { Outcome } from "./worst-topologies-worker.ts";

/** What every worst case may use: a limit of memory that one of them would break ends all. */
const resourceLimits = { maxOldGenerationSizeMb: 1024 };

t.test("whatever stands for very much is compiled or refused, in bounded memory", async (t) => {
  const worker = new Worker(new URL("worst-topologies-worker.ts", import.meta.url), { resourceLimits });
  const [outcomes]: [Outcome[]] = await Promise.race([
    once(worker, "message") as Promise<[Outcome[]]>,
    once(worker, "exit").then(() => Promise.reject(new Error("the worker ended early"))),
  ]);
  const told = Object.fromEntries(outcomes.map(({ name, message }) => [name, message]));
  t.match(told, {
    "20,000 routers, two of them linked": null,
    "a star of 20,000 with a prefix each": /:2:39: 20,000 routers may come to have 20,000 prefixes each$/,
    "a ring of 1,000 with policies": /it would take too long/,
    "a mesh with policies": /it would take too long/,
    "a mesh with preferences": /it would take too long/,
    "an iBGP mesh": /it would take too long/,
    "a mesh whose routers tell all they hear": /it would take too long/,
    "many ways that are all told": /it would take too long/,
    "49,000 links side by side": null,
    "prefixes that all routers share": /the routers have too many prefixes/,
    "groups that add up": /the routers have too many prefixes and communities/,
    "a filter at each of 10,000 sessions": /10,000 routers may come to have 10,000 prefixes/,
    "rules that all sessions share": /it would take too long/,
    "a chain of patterns": /too many patterns/,
    "aliases of lists": /aliases repeat too much/,
    "one mark a line": /the file says too much/,
    "one item a mark": /the file says too much/,
    "mistakes alone": /unknown key "asm"/,
  });
});
