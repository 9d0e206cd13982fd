import { nearest } from "../bgp/config/suggest.ts";

/** How many unknown names get a guess at what was meant: each is compared with every name there is. */
const maxGuesses = 100;

/** What to say of a router, or of something else that has a name, that does not exist: the one that was meant, or which there are. */
export function guesser(
  there: { keys(): Iterable<string> },
  what: "routers" | "policies" = "routers",
): (name: string) => string {
  const guesses = new Map<string, string>();
  const names = [...there.keys()];
  const listed = names.length > 8 ? `${names.slice(0, 8).join(", ")}, …` : names.join(", ");
  const known = listed === "" ? `there are no ${what}` : `the ${what} are ${listed}`;
  return (name) => {
    const earlier = guesses.get(name);
    if (earlier !== undefined) return earlier;
    const meant = guesses.size < maxGuesses ? nearest(name, names) : undefined;
    const hint = meant === undefined ? known : `did you mean ${meant}?`;
    guesses.set(name, hint);
    return hint;
  };
}
