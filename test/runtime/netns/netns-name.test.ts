import t from "tap";
import { parseNetnsName } from "../../../src/runtime/netns/netns-name.ts";

t.test("a namespace's name says whose it is", async (t) => {
  t.match(parseNetnsName("fe80.clos-2x4.spine1"), {
    lab: "clos-2x4",
    router: "spine1",
    path: "/run/netns/fe80.clos-2x4.spine1",
  });
  for (const name of ["r1", "fe80.", "fe80.lab", "fe80.lab.", "fe80..r1", "fe80.a.b.c", "xfe80.a.b"]) {
    t.equal(parseNetnsName(name), undefined, name);
  }
});
