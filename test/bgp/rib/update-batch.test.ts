import t from "tap";
import { endOfRib, UpdateBatch } from "../../../src/bgp/rib/update-batch.ts";
import type { Address } from "../../../src/net/address.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { announcement, attributes, endOfRibUpdate, v4, v6, withdrawal } from "./fixtures.ts";

const linkLocal = "fe80::ff" as Address;
const global = "2001:db8::1" as Address;

t.test("nothing collected is no UPDATE", async (t) => {
  t.strictSame(
    new UpdateBatch().updates(() => ({ linkLocal })),
    [],
  );
});

t.test("withdrawals come first, and equal attributes share an UPDATE, one family each", async (t) => {
  const [shared, other] = [attributes(), attributes({ med: 1 })];
  const [v4b, v4c, v6b] = [prefix("10.0.1.0/24"), prefix("10.0.2.0/24"), prefix("2001:db9::/32")];
  const batch = new UpdateBatch();
  batch.announce(v4, shared);
  batch.announce(v6, shared);
  batch.announce(v4b, other);
  batch.withdraw(v6b);
  batch.announce(v4c, shared);
  t.strictSame(
    batch.updates((family) => (family === 4 ? { linkLocal } : { global })),
    [
      withdrawal(v6b),
      announcement([v4, v4c], { linkLocal }, shared),
      announcement([v4b], { linkLocal }, other),
      announcement([v6], { global }, shared),
    ],
  );
});

t.test("the End-of-RIB names its family (RFC 4724 §2)", async (t) => {
  t.strictSame(endOfRib(6), endOfRibUpdate(6));
});
