import t from "tap";
import { exabgpArrivals } from "../../src/interop/arrival.ts";

const update = (body: object) => JSON.stringify({ type: "update", neighbor: { message: { update: body } } });

const path = (id: string, asPath: number[]) =>
  update({
    attribute: { "as-path": asPath, community: [[64500, 1]], "large-community": [[65011, 1, 2]] },
    announce: { "ipv6 unicast": { "fe80::1": [{ nlri: "2001:db8::/48", "path-information": id }] } },
  });

t.test("what ExaBGP was told is in its events, path by path", async (t) => {
  const events = [path("0.0.0.1", [1, 2]), path("0.0.0.2", [1, 3]), '{"type": "upd'];
  t.strictSame(
    [...(exabgpArrivals(events.join("\n")).get("2001:db8::/48")?.values() ?? [])],
    [
      { asPath: "1 2", communities: 1, large: ["65011:1:2"] },
      { asPath: "1 3", communities: 1, large: ["65011:1:2"] },
    ],
  );
  const withdrawn = update({
    withdraw: { "ipv6 unicast": [{ nlri: "2001:db8::/48", "path-information": "0.0.0.1" }] },
  });
  t.equal(exabgpArrivals([...events.slice(0, 2), withdrawn].join("\n")).get("2001:db8::/48")?.size, 1);
});

t.test("a session that is lost takes all of it", async (t) => {
  const lost = JSON.stringify({ type: "state", neighbor: { state: "down" } });
  t.equal(exabgpArrivals([path("", [1]), lost].join("\n")).size, 0);
});
