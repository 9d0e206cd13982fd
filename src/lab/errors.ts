import { LabError } from "../std/errors.ts";

/** The topology file cannot be read. */
export class FileError extends LabError {
  readonly code = "FILE_UNREADABLE";
}

/** What was captured cannot be written. */
export class FileUnwritableError extends LabError {
  readonly code = "FILE_UNWRITABLE";
}

/** No lab is named, or by a text that cannot be a lab's name. */
export class LabNameError extends LabError {
  readonly code = "LAB_NAME_INVALID";
}

/** A lab of that name is there already, whole or half-made. */
export class LabExistsError extends LabError {
  readonly code = "LAB_EXISTS";

  constructor(lab: string) {
    super(`the lab ${lab} is up already`, {
      hint: `fe80 inspect ${lab} shows it, fe80 down ${lab} takes it down`,
    });
  }
}

/** Another command is at work on the lab. */
export class LabLockedError extends LabError {
  readonly code = "LAB_LOCKED";

  /** @param holder undefined if it has not said who it is */
  constructor(lab: string, holder: { command: string; pid: number } | undefined) {
    const who = holder ? `fe80 ${holder.command} (process ${holder.pid})` : "another command";
    super(`${who} is at work on the lab ${lab}`, {
      hint: holder ? `wait until it has ended, or end it: kill ${holder.pid}` : "wait until it has ended",
    });
  }
}

/** There is no lab of that name. */
export class LabNotRunningError extends LabError {
  readonly code = "LAB_NOT_RUNNING";

  constructor(lab: string, running: readonly string[]) {
    super(`the lab ${lab} is not running`, {
      hint: running.length === 0 ? "no lab is running: fe80 up FILE" : `running: ${running.join(", ")}`,
    });
  }
}

/** The lab is on the machine, but not on record: its `up` was killed, or its directory was lost. */
export class LabIncompleteError extends LabError {
  readonly code = "LAB_INCOMPLETE";

  constructor(lab: string, cause: unknown) {
    super(`the lab ${lab} is only half there: its plan cannot be read`, {
      cause,
      hint: `fe80 down ${lab} takes away what there is, fe80 up --reconfigure makes it anew`,
    });
  }
}

/** The lab has no such router. */
export class RouterUnknownError extends LabError {
  readonly code = "ROUTER_UNKNOWN";

  constructor({ lab, router, routers }: { lab: string; router: string; routers: readonly string[] }) {
    super(`the lab ${lab} has no router ${router}`, { hint: `it has ${routers.join(", ")}` });
  }
}

/** The router has no such interface, or none is named. */
export class InterfaceUnknownError extends LabError {
  readonly code = "INTERFACE_UNKNOWN";

  constructor({ router, ifname, ifnames }: { router: string; ifname: string; ifnames: readonly string[] }) {
    super(ifname === "" ? `no interface of ${router} is named` : `${router} has no interface ${ifname}`, {
      hint: `it has ${ifnames.length === 0 ? "none" : ifnames.map((name) => `${router}:${name}`).join(", ")}`,
    });
  }
}

/** The router shares its process with others, which would be stopped with it. */
export class RouterSharedError extends LabError {
  readonly code = "ROUTER_SHARED";

  constructor(router: string, { name, routers }: { name: string; routers: readonly string[] }) {
    const others = routers.filter((other) => other !== router);
    const some = others.length > 3 ? `${others.length} other routers` : others.join(", ");
    super(`${router} has no process of its own: ${name} runs ${some} too`, {
      hint: "fe80 up --isolate gives each router one; fe80 link down cuts a router off without it",
    });
  }
}

/** The router has no such session, or none is named. */
export class SessionUnknownError extends LabError {
  readonly code = "SESSION_UNKNOWN";

  constructor({ lab, session, sessions }: { lab: string; session: string; sessions: readonly string[] }) {
    super(`the lab ${lab} has no session ${session}`, {
      hint: `it has ${sessions.length === 0 ? "none" : sessions.join(", ")}`,
    });
  }
}

/** An argument cannot mean what it should. */
export class ArgumentError extends LabError {
  readonly code = "ARGUMENT_INVALID";
}

/** The router's program cannot do what is asked of it. */
export class ActionUnsupportedError extends LabError {
  readonly code = "ACTION_UNSUPPORTED";
}

/** The topology file has no such policy. */
export class PolicyUnknownError extends LabError {
  readonly code = "POLICY_UNKNOWN";

  constructor(policy: string, policies: readonly string[]) {
    super(`no policy is called ${policy}`, {
      hint: policies.length === 0 ? "the file has none" : `there are ${policies.join(", ")}`,
    });
  }
}

/** A running lab could not be changed all the way; `cause` is why. */
export class LabUnfinishedError extends LabError {
  readonly code = "LAB_UNFINISHED";

  constructor(lab: string, cause: LabError) {
    const hint =
      cause.hint === undefined
        ? LabUnfinishedError.hint(lab)
        : `${cause.hint}; then ${LabUnfinishedError.hint(lab)}`;
    super(`the lab ${lab} is changed in part: ${cause.message}`, { cause, hint });
  }

  /** What can be done about it. */
  static hint(lab: string): string {
    return `fe80 up goes on from there, fe80 up --dry-run tells what is left, fe80 up --reconfigure makes ${lab} anew`;
  }
}

/** A topology file has other things than a running lab, beyond what can be changed in one. */
export class LabDiffersError extends LabError {
  readonly code = "LAB_DIFFERS";
}

/** The router is of a kind that does not tell of its routes in detail. */
export class RoutesOpaqueError extends LabError {
  readonly code = "ROUTES_OPAQUE";
}

/** The router is of a kind that does not tell of a session in detail. */
export class SessionOpaqueError extends LabError {
  readonly code = "SESSION_OPAQUE";
}

/** A program that the topology's routers run is not installed. */
export class ProgramMissingError extends LabError {
  readonly code = "PROGRAM_MISSING";
}

/** A daemon of the lab ended while the lab was coming up. */
export class DaemonEndedError extends LabError {
  readonly code = "DAEMON_ENDED";
}

/** A daemon of the lab takes too long to answer. */
export class DaemonSilentError extends LabError {
  readonly code = "DAEMON_SILENT";
}

/** The router has not written a log. */
export class LogMissingError extends LabError {
  readonly code = "LOG_MISSING";
}

/** The user, or a service manager, has ended the command. */
export class InterruptedError extends LabError {
  readonly code = "INTERRUPTED";
  /** `"SIGINT"` or `"SIGTERM"`. */
  readonly signalName: NodeJS.Signals;

  constructor(signalName: NodeJS.Signals) {
    super(`interrupted by ${signalName}`);
    this.signalName = signalName;
  }
}

/** What is known of a failed lab cannot be written where the user wants it. */
export class ArtifactError extends LabError {
  readonly code = "ARTIFACTS_UNWRITABLE";
}

/** The machine's own speed cannot be measured. */
export class CalibrationError extends LabError {
  readonly code = "CALIBRATION_FAILED";
}
