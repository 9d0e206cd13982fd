import t from "tap";
import { shortName } from "../../src/kinds/short-name.ts";

t.test("a short name is itself, and long ones differ where their ends do", async (t) => {
  t.equal(shortName("leaf-1"), "leaf-1");
  const [one, other] = [shortName(`${"x".repeat(62)}1`), shortName(`${"x".repeat(62)}2`)];
  t.match(one, /^x{15}-[0-9a-f]{8}$/);
  t.not(one, other);
});
