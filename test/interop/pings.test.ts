import t from "tap";
import { answersIn, lostIn } from "../../src/interop/pings.ts";

t.test("what is lost is lost between two answers", async (t) => {
  t.equal(lostIn([]), 0);
  t.equal(lostIn([7]), 0);
  t.equal(lostIn([1, 2, 3]), 0);
  t.equal(lostIn([3, 4, 7, 9]), 3);
});

t.test("answers are told apart from errors in the words of ping(8)", async (t) => {
  const output = [
    "PING 2001:db8:1::b(2001:db8:1::b) from 2001:db8:20::1 : 56 data bytes",
    "64 bytes from 2001:db8:1::b: icmp_seq=1 ttl=62 time=0.081 ms",
    "From 2001:db8:20::1 icmp_seq=2 Destination unreachable: No route",
    "64 bytes from 2001:db8:1::b: icmp_seq=3 ttl=62 time=0.059 ms",
  ];
  t.strictSame(answersIn(output.join("\n")), [1, 3]);
});
