import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'

const proofs = z.registry<{ readonly isProof: true }>()
const known = new WeakMap<z.ZodType, boolean>()

/**
 * Marks the schema of a value that proves who somebody is: a password, a code, a token. No trace of the body is kept of
 * a request with such a value, not even a keyed fingerprint (V4).
 */
export function proof<T extends z.ZodType>(schema: T): T {
  proofs.add(schema, { isProof: true })
  return schema
}

/** Whether the body or the query of an endpoint can hold a proof, at any depth. */
export function provesIdentity({ body, query }: Pick<Endpoint, 'body' | 'query'>): boolean {
  return [body, query].some((schema) => schema !== undefined && holdsProof(schema))
}

function holdsProof(schema: z.ZodType): boolean {
  const answer = known.get(schema)
  if (answer !== undefined) return answer
  // A provisional answer, for schemas that contain themselves.
  known.set(schema, false)
  // `get` also finds the marks of schemas from which this one was refined.
  const holds = proofs.get(schema) !== undefined || listParts(schema.def).some(holdsProof)
  known.set(schema, holds)
  return holds
}

/**
 * The schemas that a schema of any kind consists of: all members of its definition that are a schema, or contain some.
 */
function listParts(def: object): readonly z.ZodType[] {
  return Object.values(def).flatMap((part: unknown) => {
    if (part instanceof z.ZodType) return [part]
    if (Array.isArray(part)) return part.filter((entry) => entry instanceof z.ZodType)
    return typeof part === 'object' && part !== null && Object.getPrototypeOf(part) === Object.prototype
      ? Object.values(part).filter((entry) => entry instanceof z.ZodType)
      : []
  })
}
