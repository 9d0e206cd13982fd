import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { pinnedImages } from "../../src/runtime/docker/image-pins.ts";
import { docker, hasHad, withoutEngine } from "../support/docker.ts";

const skip = withoutEngine;

const advertiser = "ls /opt/fe80/dist/bin/fe80-advertiser.js";
/** What kinds call by name in each image, as it is called to no effect. */
const programs: Readonly<Record<string, readonly string[]>> = {
  base: ["ip -V", "ping -V", "tcpdump --version"],
  node: ["node --version"],
  speaker: ["which setpriv", "fe80-speaker --help"],
  frr: ["install --version", "/usr/lib/frr/zebra --version", "/usr/lib/frr/bgpd --version", "which vtysh"],
  bird: ["bird --version", "which birdc"],
  gobgp: [advertiser, "gobgpd --version", "gobgp --version"],
  openbgpd: [advertiser, "bgpd -V", "bgpctl -V"],
  exabgp: [advertiser, "exabgp --version"],
};

for (const { name, image, packages } of pinnedImages()) {
  t.test(`${image} has what it should, in the versions that are pinned`, { skip }, async (t) => {
    const { node, ...debian } = packages;
    const asked =
      node === undefined
        ? `dpkg-query --show ${Object.keys(debian).join(" ")} | tr '\\t' =`
        : "echo node=$(node --version)";
    const script = [...(programs[name] ?? []).map((call) => `${call} >&2`), asked].join("\n");
    const options = ["--rm", "--network", "none", "--entrypoint", "sh"];
    const found = await docker("run", ...options, image, "-ec", script);
    const pins = Object.entries(debian).map(([name, version]) => `${name}=${version}`);
    t.strictSame(found.split("\n").sort(), node === undefined ? pins.sort() : [`node=v${node}`]);
  });
}

/** The id of a container of the speaker's image, with a router that has no link. */
async function speaker(t: Test): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "fe80-images-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  chmodSync(directory, 0o755); // Its reader is not root.
  const router = { name: "r1", asn: 1, routerId: "0.0.0.1", sessions: [] };
  const config = { control: "/run/fe80/speaker.sock", routers: [router] };
  writeFileSync(join(directory, "speaker.json"), JSON.stringify(config));
  const health = ["--health-interval", "500ms", "--health-retries", "1"];
  const image = pinnedImages().find((image) => image.name === "speaker")?.image ?? "";
  const rights = ["--network", "none", "--cap-add", "NET_ADMIN"];
  const id = await docker("create", ...rights, ...health, image);
  t.teardown(() => docker("rm", "--force", id));
  await docker("cp", directory, `${id}:/etc/fe80`);
  await docker("start", id);
  return id;
}

t.test("a speaker's container is healthy as long as the speaker answers", { skip }, async (t) => {
  const id = await speaker(t);
  await hasHad(id, "health_status: healthy");
  t.pass("it answers");
  await docker("exec", id, "rm", "/run/fe80/speaker.sock");
  await hasHad(id, "health_status: unhealthy");
  t.pass("it cannot be asked");
});

t.test("a speaker in a container is not root, and has three capabilities", { skip }, async (t) => {
  const id = await speaker(t);
  await hasHad(id, "health_status: healthy");
  const status = await docker("exec", id, "cat", "/proc/1/status");
  t.match(status, /^Uid:\t179\t179\t179\t179$/m);
  // NET_BIND_SERVICE, NET_ADMIN and NET_RAW (capability.h).
  const three = ((1 << 10) | (1 << 12) | (1 << 13)).toString(16).padStart(16, "0");
  for (const set of ["CapPrm", "CapEff"]) t.match(status, new RegExp(`^${set}:\t${three}$`, "m"));
});
