import t from "tap";
import { growthSvg } from "../../bench/growth-svg.ts";

t.test(
  "points lie where logarithms put them, and what grows in proportion is as steep as a dashed line",
  async (t) => {
    const points = [
      { x: 10, y: 10 },
      { x: 100, y: 100 },
      { x: 1000, y: 1000 },
    ];
    const lines = growthSvg("growth", [{ name: "as it should", points }]);
    t.match(lines[0], /^<svg .*width="760" height="480"/);
    const polyline = lines.find((line) => line.includes("<polyline"));
    t.match(polyline, /points="70,440 315,240 560,40"/);
    t.ok(lines.some((line) => /<line x1="70" y1="440" x2="560" y2="40" .*dasharray/.test(line)));
    t.ok(lines.some((line) => line.includes(">as it should<")));
  },
);
