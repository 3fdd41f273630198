import { hash } from 'node:crypto'
import type { z } from 'zod'
import { PreparedReply } from './endpoint.ts'

/** Validates and serializes a reply once, for many callers. */
export function prepareReply<S extends z.ZodType>(schema: S, value: z.input<S>): PreparedReply<z.input<S>> {
  const body = JSON.stringify(schema.parse(value))
  return new PreparedReply(body, `"${hash('sha1', body, 'base64url')}"`)
}
