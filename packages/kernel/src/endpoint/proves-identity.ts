import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'

const proofs = z.registry<{ readonly isProof: true }>()
const known = new WeakMap<z.ZodType, boolean>()

/**
 * Marks what proves who somebody is: a password, a code, a token. A request that holds one leaves no trace of its body,
 * a keyed fingerprint included (V4).
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
  // Until it is known, for schemas that hold themselves.
  known.set(schema, false)
  // `get` looks at what the schema was refined from, too.
  const holds = proofs.get(schema) !== undefined || listParts(schema.def).some(holdsProof)
  known.set(schema, holds)
  return holds
}

/** The schemas that a schema is made of, whatever it is: every member of its definition that is one, or holds some. */
function listParts(def: object): readonly z.ZodType[] {
  return Object.values(def).flatMap((part: unknown) => {
    if (part instanceof z.ZodType) return [part]
    if (Array.isArray(part)) return part.filter((entry) => entry instanceof z.ZodType)
    return typeof part === 'object' && part !== null && Object.getPrototypeOf(part) === Object.prototype
      ? Object.values(part).filter((entry) => entry instanceof z.ZodType)
      : []
  })
}
