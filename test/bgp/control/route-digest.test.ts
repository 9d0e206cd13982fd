import fc from "fast-check";
import t from "tap";
import { hashPrefix, hashText, RouteDigest, wayText } from "../../../src/bgp/control/route-digest.ts";
import { prefix } from "../../../src/net/prefix.ts";

const routes = fc.uniqueArray(
  fc.record({ number: fc.nat(255), way: fc.constantFrom("eth0", "eth1", "eth0,eth1", "local") }),
  { selector: ({ number }) => number, maxLength: 30 },
);
type Route = { number: number; way: string };

const add = (digest: RouteDigest, { number, way }: Route) =>
  digest.add(hashPrefix(prefix(`10.0.${number}.0/24`)), hashText(way));

function digestOf(list: readonly Route[]): string {
  const digest = new RouteDigest();
  for (const route of list) add(digest, route);
  return digest.toString();
}

t.test("the order in which routes came does not matter, nor what has gone again", async () => {
  fc.assert(
    fc.property(routes, fc.nat(255), (list, number) => {
      const digest = new RouteDigest();
      const passing = { number, way: "eth7" };
      add(digest, passing);
      for (const route of list.toReversed()) add(digest, route);
      digest.remove(hashPrefix(prefix(`10.0.${number}.0/24`)), hashText("eth7"));
      return digest.toString() === digestOf(list);
    }),
  );
});

t.test("other routes have another digest", async () => {
  fc.assert(
    fc.property(routes, routes, (a, b) => {
      const text = (list: readonly Route[]) =>
        list
          .map(({ number, way }) => `${number} ${way}`)
          .toSorted()
          .join(";");
      return (text(a) === text(b)) === (digestOf(a) === digestOf(b));
    }),
  );
});

t.test("families, lengths and hosts' bits are told apart", async (t) => {
  const hashes = ["0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/16", "a00::/8"].map((text) =>
    JSON.stringify(hashPrefix(prefix(text))),
  );
  t.equal(new Set(hashes).size, hashes.length);
});

t.test("only the best way has its place; drops and refusals are said", async (t) => {
  const way = { names: ["eth1", "eth3", "eth0"], drops: false, refused: false };
  t.equal(wayText(way), "eth1,eth0,eth3");
  t.equal(wayText({ ...way, names: ["eth1", "eth0", "eth3"] }), wayText(way));
  t.equal(wayText({ ...way, names: ["eth0"], drops: true }), "eth0 dropped");
  t.equal(wayText({ ...way, names: ["eth0"], refused: true }), "eth0 refused");
  t.equal(wayText({ ...way, names: [] }), "local");
});
