import t from "tap";
import { Admission } from "../../../src/bgp/speaker/admission.ts";

t.test("an interface has so many connections and no more, whatever the others have", async (t) => {
  const admission = new Admission(() => 2);
  const leaves = [admission.admit(1), admission.admit(1)];
  t.equal(admission.admit(1), undefined);
  t.type(admission.admit(2), "function");
  leaves[0]?.();
  t.type(admission.admit(1), "function");
  t.equal(admission.admit(1), undefined);
  leaves[1]?.();
  t.type(admission.admit(1), "function");
});
