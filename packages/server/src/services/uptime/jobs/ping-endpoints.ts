import { bind, type BoundEndpoint, RawReply } from '@gatehouse/kernel/endpoint'
import { pingEndpoints as endpoints } from '../contract/public.ts'
import { parsePing } from '../domain/heartbeat.ts'
import { problems } from '../problems.ts'
import { receivePing } from './heartbeats.ts'
import type { JudgeDeps } from './judge-deps.ts'

/** Intake of pings: `OK` leaves only after everything that follows from the ping is durable. */
export function bindPings(deps: JudgeDeps): readonly BoundEndpoint[] {
  return endpoints.map((endpoint) =>
    bind(endpoint, async (_visitor, { params, query, body }) => {
      const ping = parsePing('suffix' in params ? params.suffix : undefined)
      if (ping === undefined) throw problems.NOT_FOUND()
      const { token } = params
      if (!(await receivePing(deps, { token, ping, runId: query.rid ?? null, body: body ?? null })))
        throw problems.NOT_FOUND()
      return new RawReply('OK', { 'cache-control': 'no-store' })
    }),
  )
}
