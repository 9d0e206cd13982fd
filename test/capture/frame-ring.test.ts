import t from "tap";
import { FrameRing } from "../../src/capture/frame-ring.ts";
import { pcapngHeader, pcapngPacket } from "../../src/capture/pcapng.ts";

const frame = (time: number, at: string, size = 100) => ({
  time,
  at,
  sent: true,
  octets: new Uint8Array(size).fill(time),
});

t.test("frames of several interfaces become one file, each with its interface", async (t) => {
  const ring = new FrameRing({ limit: 10_000 });
  const frames = [frame(1, "r2:eth0"), frame(2, "r1:eth0"), frame(3, "r2:eth0")];
  for (const each of frames) ring.push(each);
  t.strictSame(ring.file(), [
    pcapngHeader("r1:eth0", "r2:eth0"),
    ...frames.map((each, index) => pcapngPacket({ ...each, interfaceId: index === 1 ? 0 : 1 })),
  ]);
});

t.test("what does not fit goes, the oldest first", async (t) => {
  const ring = new FrameRing({ limit: 1000 });
  for (let time = 0; time < 500; time++) {
    ring.push(frame(time, "r1:eth0"));
    t.ok(ring.file().length <= 6);
  }
  const [, ...packets] = ring.file();
  const last = [495, 496, 497, 498, 499].map((time) => pcapngPacket(frame(time, "r1:eth0")));
  t.strictSame(packets, last);
  ring.push(frame(0, "r1:eth0", 2000));
  t.equal(ring.file().length, 1, "not even one that is larger than all");
});
