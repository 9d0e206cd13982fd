import { nearest } from "../bgp/config/suggest.ts";

/** How many unknown routers get a guess at what was meant: each is compared with every router there is. */
const maxGuesses = 100;

/** What to say of a router that does not exist: the one that was meant, or which there are. */
export function guesser(routers: { keys(): Iterable<string> }): (name: string) => string {
  const guesses = new Map<string, string>();
  const names = [...routers.keys()];
  const listed = names.length > 8 ? `${names.slice(0, 8).join(", ")}, …` : names.join(", ");
  const known = listed === "" ? "there are no routers" : `the routers are ${listed}`;
  return (name) => {
    const earlier = guesses.get(name);
    if (earlier !== undefined) return earlier;
    const meant = guesses.size < maxGuesses ? nearest(name, names) : undefined;
    const hint = meant === undefined ? known : `did you mean ${meant}?`;
    guesses.set(name, hint);
    return hint;
  };
}
