import * as v from "valibot";
import { LabError } from "../../std/errors.ts";
import type { RouterConfig, SpeakerConfig } from "./config.ts";
import { describeIssue, routerConfigSchema, speakerConfigSchema } from "./schema.ts";

/** A speaker's configuration is not one; the message lists every mistake with its JSON path. */
export class SpeakerConfigError extends LabError {
  readonly code = "SPEAKER_CONFIG_INVALID";
  /** E.g. `routers[0].asn: AS number 0 is reserved (RFC 7607)`. */
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      `the speaker's configuration is not valid:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`,
      {
        hint: "src/bgp/config/config.ts describes each field",
      },
    );
    this.mistakes = mistakes;
  }
}

/**
 * Checks parsed JSON and fills in what was left out: no namespace, no log file, no routes, not passive, default timers.
 *
 * @throws {SpeakerConfigError} with all mistakes
 */
export function parseSpeakerConfig(value: unknown): SpeakerConfig {
  const result = v.safeParse(speakerConfigSchema, value);
  if (!result.success) throw new SpeakerConfigError(result.issues.map(describeIssue));
  return result.output;
}

/** The same for one router. @returns its configuration, or every mistake in it */
export function parseRouterConfig(value: unknown): RouterConfig | { readonly mistakes: readonly string[] } {
  const result = v.safeParse(routerConfigSchema, value);
  return result.success ? result.output : { mistakes: result.issues.map(describeIssue) };
}
