import t from "tap";
import { findProgram, searchPath } from "../../src/runtime/program.ts";

t.test("system directories are searched last, and once", async (t) => {
  t.equal(searchPath("/usr/sbin:/bin"), "/usr/sbin:/bin:/usr/local/sbin:/sbin");
  t.equal(searchPath(""), "/usr/local/sbin:/usr/sbin:/sbin");
});

t.test("a program is found as a shell would", async (t) => {
  t.equal(findProgram("sh", "/nowhere:/bin"), "/bin/sh");
  t.equal(findProgram("/bin/sh", ""), "/bin/sh");
  const missing = { code: "PROGRAM_NOT_FOUND", message: "there is no program bin" };
  t.throws(() => findProgram("bin", "/"), missing, "a directory is none");
  t.throws(() => findProgram("/etc/passwd", "/bin"), {
    message: "there is no program /etc/passwd",
    hint: "a path must be that of an executable file",
  });
});
