import type { z } from 'zod'

type Shape = Readonly<Record<string, z.ZodType>>
type Shown<S extends Shape> = { [Name in keyof S]: z.input<S[Name]> }

/** The fields of an entity that a reply has under the same names; `write` converts each to its wire form. */
export function pickShown<S extends Shape>(
  shown: S,
  entity: object,
  write: (value: unknown) => unknown = (value) => value,
): Shown<S> {
  const picked: Record<string, unknown> = {}
  for (const name of Object.keys(shown)) picked[name] = write(Reflect.get(entity, name))
  // Safe: a reply is parsed before it is sent, by the shape that this was picked for.
  return picked as Shown<S>
}
