import t from "tap";
import { nearest } from "../../../src/bgp/config/suggest.ts";

const keys = ["asn", "router-id", "link-local", "originate", "timers"];

t.test("a typing mistake or another spelling finds the word that was meant", async (t) => {
  for (const [typed, meant] of [
    ["asnn", "asn"],
    ["sa", undefined],
    ["routerId", "router-id"],
    ["router_id", "router-id"],
    ["ROUTER-ID", "router-id"],
    ["rotuer-id", "router-id"],
    ["orignate", "originate"],
    ["timer", "timers"],
    ["image", undefined],
    ["", undefined],
  ] as const) {
    t.equal(nearest(typed, keys), meant, typed);
  }
});

t.test("the closest of several is taken, the first of equally close ones", async (t) => {
  t.equal(nearest("leaf12", ["leaf1", "leaf21", "leaf2"]), "leaf1");
  t.equal(nearest("spine1", ["spine12", "spine1"]), "spine1");
});

t.test("words of one or two letters must match but for case", async (t) => {
  t.equal(nearest("r9", ["r1", "r2"]), undefined);
  t.equal(nearest("R1", ["r1", "r2"]), "r1");
});

t.test("a very long word costs nothing", async (t) => {
  t.equal(nearest("x".repeat(1_000_000), keys), undefined);
});
