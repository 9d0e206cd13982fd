import * as v from "valibot";
import { expected, quote, withHint } from "../bgp/config/message.ts";
import { described } from "./described.ts";
import { runtimeNames } from "./topology.ts";

/** What a router runs in. */
export const runtimeField = v.picklist(
  runtimeNames,
  expected("what routers run in", `write ${runtimeNames.join(" or ")}`),
);

const imageHint = "write it as docker pull does, such as frrouting/frr:v8.4.1";

/** The name of a container image. */
const imageField = v.pipe(
  v.string(expected("the name of an image", imageHint)),
  v.regex(/^[a-z0-9][\w.:/-]{0,254}(?:@sha256:[0-9a-f]{64})?$/, ({ input }) =>
    withHint(`${quote(input)} is not the name of an image`, imageHint),
  ),
);

const memoryHint = "a number and k, m or g, at least 16m, such as 256m";
const octetsOf = new Map([
  ["k", 2 ** 10],
  ["m", 2 ** 20],
  ["g", 2 ** 30],
]);

/** How much memory a container may have, in octets from here on. */
const memoryField = v.pipe(
  v.string(expected("an amount of memory", memoryHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const [, digits, unit = ""] = /^(\d{1,9})\s?([kmg])$/.exec(value) ?? [];
    const octets = Number(digits) * (octetsOf.get(unit) ?? Number.NaN);
    if (octets >= 16 * 2 ** 20 && octets <= 2 ** 46) return octets;
    addIssue({ message: withHint(`${quote(value)} is not an amount of memory`, memoryHint) });
    return NEVER;
  }),
);

const cpusHint = "a number from 0.01 on, such as 0.5";

/** How many processors' time a container may have. */
const cpusField = v.pipe(
  v.number(expected("a number of processors", cpusHint)),
  v.check(
    (value) => value >= 0.01 && value <= 1024,
    ({ input }) => withHint(`${input} is not a number of processors`, cpusHint),
  ),
);

/** What is said of the containers of routers. */
export const containerKeys = {
  runtime: v.nullish(
    described(runtimeField, {
      meaning:
        "what it runs in: `netns`, a network namespace, or `docker`, a container ([Docker](docker.md))",
      without: "as the file says, or `fe80 up --runtime`; else `netns`",
    }),
  ),
  image: v.nullish(
    described(imageField, {
      meaning: "the image of its container",
      without: "fe80's own of its kind",
      json: { type: "string" },
    }),
  ),
  memory: v.nullish(
    described(memoryField, {
      meaning: "how much memory its container may have, such as `256m`",
      without: "no limit",
      json: { type: "string" },
    }),
  ),
  cpus: v.nullish(
    described(cpusField, {
      meaning: "how many processors' time its container may have, such as `0.5`",
      without: "no limit",
      json: { type: "number", minimum: 0.01 },
    }),
  ),
};
