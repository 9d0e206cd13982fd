import t from "tap";
import { Terminal } from "../../src/cli/terminal.ts";

const terminal = (columns: number | undefined) => {
  const written: string[] = [];
  return { written, it: new Terminal({ write: (text) => written.push(text), columns: () => columns }) };
};

t.test("lines that stay go above the one that changes", async (t) => {
  const { it, written } = terminal(80);
  it.live("one");
  it.line("stays");
  it.live("two");
  it.live("two");
  it.live(undefined);
  t.strictSame(written, ["one", "\r\u001b[K", "stays\n", "one", "\r\u001b[Ktwo", "\r\u001b[K"]);
});

t.test("others may write above the line that changes", async (t) => {
  const { it, written } = terminal(80);
  it.live("one");
  it.above(() => written.push("theirs\n"));
  t.strictSame(written, ["one", "\r\u001b[K", "theirs\n", "one"]);
});

t.test("the line that changes is never wider than the terminal", async (t) => {
  const { it, written } = terminal(5);
  it.live("123456");
  t.strictSame(written, ["1234"]);
});

t.test("without a terminal only lines that stay are written", async (t) => {
  const { it, written } = terminal(undefined);
  it.live("one");
  it.line("stays");
  t.strictSame(written, ["stays\n"]);
});
