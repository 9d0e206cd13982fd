import * as v from "valibot";
import { closed, isMapping } from "../bgp/config/closed.ts";
import { expected, withHint } from "../bgp/config/message.ts";
import { described, either } from "./described.ts";
import { delayField, lossField, macField, rateField } from "./link-fields.ts";
import { type EndText, type LinkText, linkHint, parseEnd, parseLink, sharedHint } from "./link-text.ts";
import { linkSession } from "./session-text.ts";

const linkText = v.pipe(
  v.string(expected("a link", linkHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const { ends, problems } = parseLink(value);
    if (problems.length === 0) return { type: "chain", ends } as LinkText;
    for (const { span, message, hint } of problems) {
      const place = { type: "unknown", origin: "value", input: value, key: span, value } as const;
      addIssue({ message: withHint(message, hint), path: [place] });
    }
    return NEVER;
  }),
);

const endText = v.pipe(
  v.string(expected("the end of a link", sharedHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const end = parseEnd(value, 0);
    if (!("type" in end)) return end;
    const place = { type: "unknown", origin: "value", input: value, key: end.span, value } as const;
    addIssue({ message: withHint(end.message, end.hint), path: [place] });
    return NEVER;
  }),
);

/** Three routers or more on one link. */
const sharedText = v.pipe(
  v.array(endText, expected("a list of routers", sharedHint)),
  v.minLength(1, withHint("a link joins routers", sharedHint)),
  v.transform(
    (ends): LinkText => ({
      type: "shared",
      ends: ends.map((end, index): EndText => ({ ...end, path: [index, ...end.path] })),
    }),
  ),
);

const anyLinkText = either((input) => (Array.isArray(input) ? sharedText : linkText), [linkText, sharedText]);

const ifindex = wholeNumber("an interface number", { min: 2, max: 0x7fff_ffff }, (input) =>
  withHint(`ifindex ${input} is not allowed`, "2 to 2147483647; the loopback interface has 1"),
);
const ifindexesHint = "one number for all ends, or a list with one for each";

const sessionsHint = "write it as { r1: { passive: true } }, with a router of the link";

const macs = v.array(
  v.nullable(macField),
  expected(
    "a list of MAC addresses",
    'write it as ["02:00:00:00:00:01", ~], with ~ for that which fe80 gives',
  ),
);

const longLink = closed(
  {
    link: described(anyLinkText, {
      meaning: "the link as in the short form, quoted, or the list of a shared link",
      without: "required",
    }),
    count: v.optional(
      described(
        wholeNumber(
          "a number of links",
          { min: 1, max: 1000 },
          (input) => `${input} is not a number of links from 1 to 1000`,
        ),
        {
          meaning: "how many links there are of this one, side by side, 1 to 1000",
          without: "1",
          json: { type: "integer", minimum: 1, maximum: 1000 },
        },
      ),
    ),
    expect: v.nullish(
      described(
        v.picklist(
          ["established", "down", "none"],
          expected("what is expected", "write established, down or none"),
        ),
        {
          meaning:
            "`established`; `down`: its sessions are set up, but need not come up; `none`: there are no sessions on it",
          without: "`established`",
        },
      ),
    ),
    mtu: v.optional(
      described(
        wholeNumber("an MTU in octets", { min: 1280, max: 0xffff }, (input) =>
          withHint(`mtu ${input} is not allowed`, "1280 (RFC 8200 §5) to 65535"),
        ),
        {
          meaning: "1280 to 65535 octets",
          without: "9500",
          json: { type: "integer", minimum: 1280, maximum: 65535 },
        },
      ),
    ),
    rate: v.nullish(
      described(rateField, {
        meaning: "how much each end may send: a number and `kbit`, `mbit` or `gbit`, such as `10mbit`",
        without: "no limit",
      }),
    ),
    delay: v.nullish(
      described(delayField, {
        meaning:
          "how long what each end sends takes, such as `20ms`; needs the kernel's netem, as the next two do",
        without: "0",
      }),
    ),
    jitter: v.nullish(
      described(delayField, { meaning: "by how much the delay varies, such as `5ms`", without: "0" }),
    ),
    loss: v.nullish(
      described(lossField, {
        meaning: "how much of what each end sends is lost, such as `1%`",
        without: "0%",
      }),
    ),
    ifindex: v.optional(
      described(
        v.lazy((input) =>
          Array.isArray(input) ? v.array(ifindex, expected("numbers", ifindexesHint)) : ifindex,
        ),
        {
          meaning: "the interface's number, one for all ends or a list with one for each",
          without: "the next from 100 on that nobody in the lab has",
          json: {
            anyOf: [
              { type: "integer", minimum: 2 },
              { type: "array", items: { type: "integer", minimum: 2 }, minItems: 2 },
            ],
          },
        },
      ),
    ),
    mac: v.nullish(
      described(macs, {
        meaning: "a list of the MAC addresses of all ends, `~` for one that fe80 chooses",
        without: "`02:fe:80:…`",
      }),
    ),
    sessions: v.nullish(
      described(v.record(v.string(), v.nullable(linkSession), expected("a map of routers", sessionsHint)), {
        meaning: "a map of its routers, by name or pattern, to [Sessions](#sessions) keys",
        without: "what the routers say",
      }),
    ),
  },
  new Map([
    ["endpoints", 'did you mean link? It is written "r1:eth0 -- r2:eth3"'],
    ["bandwidth", "did you mean rate?"],
    ["latency", "did you mean delay?"],
  ]),
);

export type LongLinkText = v.InferOutput<typeof longLink>;

/** A link in its short or its long form. */
export const link = either(
  (input) => (Array.isArray(input) ? sharedText : isMapping(input) ? longLink : linkText),
  [linkText, longLink, sharedText],
);

/** A whole number within bounds. @param refusal what is said of another number */
function wholeNumber(
  what: string,
  { min, max }: { min: number; max: number },
  refusal: (input: number) => string,
) {
  return v.pipe(
    v.number(expected(what)),
    v.check(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      ({ input }) => refusal(input),
    ),
  );
}
