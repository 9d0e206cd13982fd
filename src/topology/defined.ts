/** An object without the keys that are undefined. */
export function defined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<Value>;
}

type Defined<Value> = { readonly [Key in keyof Value]?: Exclude<Value[Key], undefined> };
