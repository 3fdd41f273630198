import { hash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@gatehouse/kernel/secrets'
import type { FastifyInstance } from 'fastify'
import { toErrorFields, type Logger } from '@gatehouse/kernel/log'
import { readCredential } from './authenticate.ts'
import { send } from './send.ts'
import type { Unserved } from './unserved.ts'

export type ServedMetrics = {
  /** The present token, which can be replaced while the server runs. */
  readonly token: () => Secret | undefined
  readonly text: () => Promise<string>
  readonly mediaType: string
}

type MetricsDeps = {
  readonly log: Logger
  readonly securityHeaders: Readonly<Record<string, string>>
}

/**
 * Registers `/metrics`. Without its token it answers like an unknown path; it is not in the endpoint table, so that
 * neither the OpenAPI document nor an `Allow` header discloses it.
 */
export function registerMetrics(
  app: FastifyInstance,
  { log, securityHeaders }: MetricsDeps,
  { token, text, mediaType }: ServedMetrics,
  unserved: Unserved,
): void {
  app.get('/metrics', (request, reply) => {
    reply.hijack()
    const shown = readCredential(request.raw, ['authorization'])
    const expected = token()
    if (expected === undefined || shown.kind !== 'one' || !isSame(shown.text, expected))
      return unserved.refuseUnknown(request.raw, reply.raw)
    text().then(
      (body) =>
        send(request.raw, reply.raw, {
          status: 200,
          body,
          headers: { ...securityHeaders, 'content-type': mediaType, 'cache-control': 'no-store' },
        }),
      (error: unknown) => {
        log.error('The metrics could not be told', toErrorFields(error))
        reply.raw.destroy()
      },
    )
  })
}

/** Compares in constant time, whatever the lengths. */
function isSame(shown: string, expected: Secret): boolean {
  return timingSafeEqual(hash('sha256', shown, 'buffer'), hash('sha256', expected.reveal(), 'buffer'))
}
