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
