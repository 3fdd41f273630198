import { hash } from 'node:crypto'
import type { z } from 'zod'
import { PreparedReply } from './endpoint.ts'

/** Writes out a reply that many callers will get; it is held against its schema once. */
export function prepareReply<S extends z.ZodType>(schema: S, value: z.input<S>): PreparedReply<z.input<S>> {
  const body = JSON.stringify(schema.parse(value))
  return new PreparedReply(body, `"${hash('sha1', body, 'base64url')}"`)
}
