import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import t from "tap";
import { AttributePool } from "../../../src/bgp/rib/attribute-pool.ts";
import { attributes, sequence } from "./fixtures.ts";

t.test("equal path attributes become one object", async (t) => {
  const pool = new AttributePool();
  const first = pool.intern(attributes({ asPath: [sequence(1, 2)], med: 3 }));
  t.equal(pool.intern(attributes({ med: 3, asPath: [sequence(1, 2)] })), first);
});

t.test("different path attributes stay apart, and pools know nothing of each other", async (t) => {
  const pool = new AttributePool();
  const first = pool.intern(attributes({ med: 3 }));
  t.not(pool.intern(attributes({ med: 4 })), first);
  t.not(new AttributePool().intern(attributes({ med: 3 })), first);
});

t.test("the pool keeps no path attributes alive", async (t) => {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const pool = new AttributePool();
  const seen = new WeakRef(pool.intern(attributes({ med: 3 })));
  await setImmediate(); // A WeakRef holds its target until the end of the job that made it.
  collectGarbage();
  t.equal(seen.deref(), undefined);
  t.strictSame(pool.intern(attributes({ med: 3 })), attributes({ med: 3 }), "and takes equal ones in again");
});
