import t from "tap";
import { asn, isAsn } from "../../src/net/asn.ts";
import { formatEndpoint, isIfname } from "../../src/net/endpoint.ts";

t.test("reserved AS numbers are nobody's (RFC 7607, RFC 7300)", async (t) => {
  for (const value of [1, 23456, 64512, 65534, 65536, 4_294_967_294]) t.equal(asn(value), value);
  for (const value of [0, 65535, 4_294_967_295, -1, 1.5, Number.NaN]) {
    t.notOk(isAsn(value), String(value));
    t.throws(() => asn(value), RangeError);
  }
});

t.test("interface names are those that the kernel and every daemon take", async (t) => {
  t.equal(formatEndpoint({ router: "r1", ifname: "eth0" }), "r1:eth0");
  for (const name of ["eth0", "swp1", "to-r2", "e.100", "a", "fifteen-letters"]) t.ok(isIfname(name), name);
  for (const name of [
    "",
    ".",
    "..",
    "lo",
    "all",
    "default",
    "a b",
    "a/b",
    "a:b",
    "a%b",
    'a"b',
    "a;b",
    "sixteen-letters-",
  ]) {
    t.notOk(isIfname(name), JSON.stringify(name));
  }
});
