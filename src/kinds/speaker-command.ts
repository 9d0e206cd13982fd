import type { SpeakerProgram } from "./kind.ts";

/**
 * What Node is told: a young generation of more than 2 × 8 MiB makes a speaker with a million routes no faster, and 80 MB
 * larger; one that begins with less is tidied up again and again while modules load; and objects that mostly die young are made
 * there, or they fill the old one with another 20 to 50 MB.
 */
export const nodeOptions = [
  "--min-semi-space-size=8",
  "--max-semi-space-size=8",
  "--no-allocation-site-pretenuring",
] as const;

/** The command line of our own speaker, which takes its configuration from standard input. */
export function speakerCommand({ node, program }: SpeakerProgram): [string, ...string[]] {
  return [node, ...nodeOptions, program, "/dev/stdin"];
}
