import { readFileSync, writeFileSync } from "node:fs";
import t, { type Test } from "tap";
import { decodeMessage } from "../../../src/bgp/wire/codec.ts";
import { Framer } from "../../../src/bgp/wire/framer.ts";
import { type Encoding, WireError } from "../../../src/bgp/wire/message.ts";
import { notificationReasons } from "../../../src/bgp/wire/notification.ts";
import { decodeUpdate } from "../../../src/bgp/wire/update-decoder.ts";
import { type MalformedCase, malformedCases, type Outcome } from "./malformed-cases.ts";
import { hex, modern, readable, type TextUpdate, updateBody } from "./octets.ts";

const fe80 = "fe800000000000000000000000000001";
const good = { origin: "40010100", path: "400206 0201 0000fc00", hop: "400304 c0000201", more: "" };
const reach = (flags: string) => `${flags}0e19 0001 01 10 ${fe80} 00 18 0a0101`;

/** What stands for longer octets in the cases. */
const shorthands: Record<string, string> = {
  fe80,
  ff02: "ff020000000000000000000000000001",
  zero: "00".repeat(16),
  one: `${"00".repeat(15)}01`,
  marker: "ff".repeat(16),
  all: good.origin + good.path + good.hop,
  base: good.origin + good.path,
  reach: reach("80"),
  "reach:c0": reach("c0"),
};

const expand = (text: string) => text.replace(/\{([^}]+)\}/g, (_, name: string) => shorthands[name] ?? "?");

/** What the case puts into the place of parts of a good UPDATE. */
function bodyOf({ input }: MalformedCase): Uint8Array {
  const body = input.get("body");
  if (body !== undefined) return hex(body);
  const part = (name: keyof typeof good) => expand(input.get(name) ?? good[name]);
  const whole = input.get("attributes");
  const attributes =
    whole === undefined ? part("origin") + part("path") + part("hop") + part("more") : expand(whole);
  const nlri = input.get("nlri") ?? (whole === undefined && !input.has("withdrawn") ? "18 0a0101" : "");
  return updateBody({ withdrawn: input.get("withdrawn") ?? "", attributes, nlri });
}

function read(one: MalformedCase, encoding: Encoding): TextUpdate | undefined {
  const message = one.input.get("message");
  if (message === undefined) return readable(decodeUpdate(bodyOf(one), encoding));
  for (const frame of new Framer().push(hex(expand(message)))) decodeMessage(frame, encoding);
  return undefined;
}

function check(t: Test, one: MalformedCase, encoding: Encoding, { approach, detail }: Outcome): void {
  if (approach === "reset") return checkReset(t, () => read(one, encoding), detail);
  const update = read(one, encoding);
  if (update === undefined) return void t.pass("a message like others");
  const code = Number(detail);
  const announces = bodyHasNlri(one);
  if (approach === "withdraw") {
    t.strictSame([update.announced, update.attributes, update.endOfRib], [[], undefined, undefined]);
    t.ok(update.withdrawn.length > 0);
    t.ok(update.errors.some((error) => error.approach === "treatAsWithdraw" && error.attribute === code));
    return;
  }
  t.strictSame(update.withdrawn, []);
  t.equal(update.announced.length > 0, announces);
  t.strictSame(
    update.errors.map((error) => [error.approach, error.attribute]),
    approach === "discard" ? [["attributeDiscard", code]] : [],
  );
  // The first of an attribute that nobody knows is passed on.
  const kept = (update.attributes?.unknown ?? []).map((attribute) => attribute.code);
  t.strictSame(kept, approach === "pass" || code === 200 ? [code] : []);
  if (approach === "discard" && announces) checkFirstCounts(t, update, one);
}

/** Of an attribute that came twice the first counts; of others nothing is left. */
function checkFirstCounts(t: Test, { attributes }: TextUpdate, { name }: MalformedCase): void {
  const { origin, asPath, med, communities, unknown, ...others } = attributes ?? {};
  t.match({ origin, asPath }, { origin: "igp", asPath: [{ type: "sequence" }] });
  t.strictSame(others, {});
  if (!name.startsWith("twice")) t.strictSame([med, communities], [undefined, undefined]);
  else t.ok([undefined, 1].includes(med) && [undefined, 1].includes(communities?.[0]));
}

function checkReset(t: Test, decode: () => unknown, detail: string): void {
  try {
    decode();
    t.fail("nothing was thrown");
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    t.equal(notificationReasons[error.reason].join("/"), detail);
  }
}

function bodyHasNlri({ input }: MalformedCase): boolean {
  return input.get("nlri") !== "";
}

for (const one of malformedCases) {
  t.test(`${one.number} ${one.name} (RFC ${one.rfc})`, async (t) => {
    const encoding: Encoding = {
      ...modern,
      fourOctetAsn: !one.input.has("two-octet"),
      extendedNextHop: !one.input.has("plain"),
      addPath: { receive: one.input.has("paths") ? [4] : [], send: [] },
    };
    check(t, one, { ...encoding, external: true }, one.external);
    check(t, one, { ...encoding, external: false }, one.internal);
  });
}

const words: Record<Outcome["approach"], (detail: string) => string> = {
  accept: () => "accepts",
  withdraw: (code) => `treats as withdraw (attribute ${code})`,
  discard: (code) => `discards attribute ${code}`,
  ignore: (code) => `leaves attribute ${code} out`,
  pass: (code) => `passes attribute ${code} on as partial`,
  reset: (reason) => `ends the session with NOTIFICATION ${reason}`,
};

function row({ number, name, rfc, external, internal }: MalformedCase): string {
  const [outside, inside] = [external, internal].map(({ approach, detail }) => words[approach](detail));
  const text = outside === inside ? outside : `${outside}; inside its AS ${inside}`;
  return `| ${number} | ${name} | ${rfc} | ${text} |`;
}

t.test("docs/malformed.md says what becomes of each case", async (t) => {
  const path = "docs/malformed.md";
  const text = readFileSync(path, "utf8");
  const head = text.slice(0, text.indexOf("| --- |"));
  const actual = [`${head}| --- | --- | --- | --- |`, ...malformedCases.map(row), ""].join("\n");
  if (process.env["GOLDEN"] === "write") writeFileSync(path, actual);
  t.equal(readFileSync(path, "utf8"), actual, "write it with GOLDEN=write");
});
