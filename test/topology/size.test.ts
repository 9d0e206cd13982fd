import t from "tap";
import { mistakesIn, topologyOf } from "./parsing.ts";

t.test("routes that all routers may come to have are counted part by part", async (t) => {
  const lab = (links: string) =>
    `name: lab\nrouters: { "r[1-2000]": { originate: "10.{n / 256}.{n % 256}.0/24" } }\nlinks: [${links}]`;
  t.equal(topologyOf(lab("")).routers.length, 2000);
  t.equal(topologyOf(lab("{ link: r1 -- r*, expect: none }")).routers.length, 2000);
  t.strictSame(mistakesIn(lab("r1 -- r*")), [
    "2:38 2,000 routers may come to have 2,000 prefixes each | at most 2,000,000 routes in a lab: originate fewer prefixes, or make the lab smaller",
  ]);
});

t.test("what many routers share is counted at each of them", async (t) => {
  const lab = (routers: number) => {
    const prefixes = Array.from({ length: 1000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    return `name: lab\ndefaults: { originate: [${prefixes.join(", ")}] }\nrouters: ["r[1-${routers}]"]`;
  };
  t.equal(topologyOf(lab(500)).routers.length, 500);
  t.match(mistakesIn(lab(501)), [/^3:11 up to r501 the routers have too many prefixes and communities/]);
});
