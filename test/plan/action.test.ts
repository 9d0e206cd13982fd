import t from "tap";
import { type Action, formatAction } from "../../src/plan/action.ts";

t.test("an action is told by its word and what it is done to", async (t) => {
  const end = { router: "r1", ifname: "eth0" };
  const told: [Action, string][] = [
    [{ type: "link-down", ...end }, "link-down r1:eth0"],
    [{ type: "link-flap", ...end, forMs: 100 }, "link-flap r1:eth0"],
    [{ type: "blackhole", ...end }, "blackhole r1:eth0"],
    [{ type: "kill", router: "r1" }, "kill r1"],
    [{ type: "reset", router: "r1", session: "eth0/fe80::3" }, "reset r1:eth0/fe80::3"],
  ];
  for (const [action, words] of told) t.equal(formatAction(action), words);
});
