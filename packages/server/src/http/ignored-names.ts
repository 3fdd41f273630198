import { z } from 'zod'

const namesMax = 20

/** The header that lists the unknown query parameters of a request; empty when all of them are known. */
export function ignoredNames(
  schema: z.ZodType | undefined,
  query: unknown,
): Readonly<Record<string, string>> {
  if (typeof query !== 'object' || query === null) return {}
  const known = schema instanceof z.ZodObject ? schema.shape : {}
  const ignored = Object.keys(query).filter((name) => !Object.hasOwn(known, name))
  if (ignored.length === 0) return {}
  return { 'x-gatehouse-ignored': ignored.slice(0, namesMax).map(toHeaderText).join(', ') }
}

/** A parameter name comes from a client, so it is escaped and shortened. */
function toHeaderText(name: string): string {
  return encodeURIComponent(name.slice(0, 64).toWellFormed())
}
