const prefix = "10.{n / 256}.{n % 256}.0/24";

const address = (n: number) => `10.${n >> 8}.${n & 255}.0/24`;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const list = (count: number, item: (n: number) => string) => numbers(count).map(item).join(", ");
const lines = (count: number, line: (n: number) => string) => numbers(count).map(line).join("\n");

const routers = (count: number) => `routers: { "r[1-${count}]": { originate: "${prefix}" } }`;
const ring = (count: number) =>
  `${routers(count)}\nlinks:\n${lines(count, (n) => `- r${n} -- r${(n % count) + 1}`)}`;
const mesh = (count: number) => `${routers(count)}\nlinks: [r* -- r*]`;

/** Texts that stand for far more than they say, or make far more work than they look like: each was too much once. */
export const worstTopologies: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "10,000 routers, two of them linked": `${routers(10_000)}\nlinks: [r1 -- r2]`,
    "a star of 10,000 with a prefix each": `${routers(10_000)}\nlinks: [r1 -- r*]`,
    "a ring of 500 with policies": `${ring(500)}\ndefaults: { import: [{ set: { med: 1 } }] }`,
    "a mesh with policies": `${mesh(120)}\ndefaults: { import: [{ set: { med: 1 } }] }`,
    "a mesh with preferences": `${mesh(120)}\ndefaults: { local-pref: 200 }`,
    "an iBGP mesh": mesh(120).replace("originate", "asn: 65000, originate"),
    "a mesh whose routers tell all they hear": `${mesh(20)}\ndefaults: { add-path: both, multipath: { maximum-paths: 64 } }`,
    "many ways that are all told": `routers: [r1, r2, r3]\nlinks: [{ link: r1 -- r2, count: 500 }, { link: r3 -- r2, count: 500 }]\ndefaults: { add-path: both, originate: 10.0.0.0/8 }`,
    "20,000 links side by side": `routers: { r1: { originate: 10.0.0.0/8 }, r2: }\ndefaults: { local-pref: 200 }\nlinks:\n${"- { link: r1 -- r2, count: 1000 }\n".repeat(20)}`,
    "prefixes that all routers share": `routers: ["r[1-10000]"]\nlinks: [r1 -- r*]\ndefaults: { originate: [${list(20_000, address)}] }`,
    "groups that add up": `routers: ["r[1-100]"]\ngroups:\n${lines(4000, (n) => `  g${n}: { routers: [r*], communities: ["1:${n}"] }`)}`,
    "a filter at each of 10,000 sessions": `routers:\n${lines(10_000, (n) => `  r${n}: { originate: ${address(n)}, import-prefixes: [${address(n)}] }`)}\nlinks: [r1 -- r*]`,
    "rules that all sessions share": `${mesh(100)}\ndefaults:\n  import:\n${lines(2000, (n) => `  - { match: { med: ${n} }, set: { med: 1 } }`)}`,
    "a chain of patterns": `routers: ["r[1-20]"]\nlinks: ["r*${" -- r*".repeat(100_000)}"]`,
    "aliases of lists": `defaults: { communities: &c [${list(300, (n) => `"1:${n}"`)}] }\nrouters:\n${lines(10_000, (n) => `  r${n}: { communities: *c }`)}`,
    "one router in 35,000 groups": `routers: [r1]\ngroups:\n${lines(35_000, (n) => `  g${n}: { routers: [r1] }`)}`,
    "one mark a line": "-\n".repeat(1 << 19),
    "one item a mark": `routers: [${"{},".repeat(300_000)}]`,
    "mistakes alone": `routers:\n${lines(20_001, (n) => `  r${n}: { asm: ${n} }`)}`,
  }).map(([name, text]) => [name, `name: worst\n${text}\n`]),
);
