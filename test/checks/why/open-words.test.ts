import t from "tap";
import { readOpen, sideBySide } from "../../../src/checks/why/open-words.ts";
import { planOf } from "../../support/lab-status.ts";
import { PlannedLab } from "../../support/planned-lab.ts";
import { sessionFacts } from "./facts.ts";

t.test("the OPENs of a history are read as they were sent, and stand side by side", async (t) => {
  const sessions =
    "{ r1: { role: provider, timers: { hold: 30 } }, r2: { families: [ipv6-unicast], role: peer } }";
  const text = `name: lab\nrouters: [r1, r2]\nlinks: [{ link: r1 -- r2, expect: down, sessions: ${sessions} }]\n`;
  const lab = new PlannedLab(planOf(text));
  lab.start();
  lab.clock.advance(5_000);
  const { near, far } = sessionFacts(lab, "r1", "eth0");
  t.strictSame(
    sideBySide(near, far).map((line) => line.replace(/ {2,}/g, "  ").trim()),
    [
      "OPEN  r1:eth0  r2:eth0",
      "AS  64512  64513",
      "router id  0.0.0.1  0.0.0.2",
      "*  hold time  30 s  9 s",
      "*  families  IPv4, IPv6  IPv6",
      "*  role  provider  peer",
      "*  other  Extended Next Hop Encoding safi=1/afi=1/nh_afi=2  the same",
    ],
  );
});

t.test("a text that is no OPEN is read as none", async (t) => {
  t.equal(readOpen("Keepalive"), undefined);
});
