import t from "tap";
import { forbiddingSetting } from "../../../src/runtime/rootless/settings.ts";

t.test("the setting that forbids namespaces is named, with the value that allows them", async (t) => {
  const kernels = [
    [
      { kernel: { unprivileged_userns_clone: "0\n" } },
      "kernel.unprivileged_userns_clone is 0: sysctl -w kernel.unprivileged_userns_clone=1",
    ],
    [
      { user: { max_user_namespaces: "0\n" } },
      "user.max_user_namespaces is 0: sysctl -w user.max_user_namespaces=10000",
    ],
    [
      { user: { max_user_namespaces: "9\n", max_net_namespaces: "0\n" } },
      "user.max_net_namespaces is 0: sysctl -w user.max_net_namespaces=10000",
    ],
    [
      { kernel: { unprivileged_userns_clone: "1\n", apparmor_restrict_unprivileged_userns: "1\n" } },
      "kernel.apparmor_restrict_unprivileged_userns is 1: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ],
    [{ kernel: { unprivileged_userns_clone: "1\n" }, user: { max_user_namespaces: "9\n" } }, undefined],
  ] as const;
  for (const [files, expected] of kernels) {
    t.equal(forbiddingSetting(t.testdir(files)), expected);
  }
});
