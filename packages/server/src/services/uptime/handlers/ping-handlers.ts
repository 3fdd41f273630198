import { createHash } from 'node:crypto'
import { type HandlersOf, RawReply } from '@gatehouse/kernel/endpoint'
import type { pingEndpoints } from '../contract/public.ts'
import { parsePing } from '../domain/heartbeat.ts'
import { receivePing } from '../jobs/heartbeats.ts'
import type { JudgeDeps } from '../jobs/judge-deps.ts'
import { problems } from '../problems.ts'

/** Receives pings: `OK` is sent only after all effects of the ping are durable. */
export function pingHandlers(deps: JudgeDeps): HandlersOf<typeof pingEndpoints> {
  const receive = async (
    { token, suffix }: { readonly token: string; readonly suffix?: string },
    { rid }: { readonly rid?: RunIds },
    body: string | undefined,
  ): Promise<RawReply> => {
    const ping = parsePing(suffix)
    if (ping === undefined) throw problems.NOT_FOUND()
    if (!(await receivePing(deps, { token, ping, runId: toRunId(rid), body: body ?? null })))
      throw problems.NOT_FOUND()
    return new RawReply('OK', { 'cache-control': 'no-store' })
  }
  return {
    pingGet: (_visitor, { params, query, body }) => receive(params, query, body),
    pingGetSuffix: (_visitor, { params, query, body }) => receive(params, query, body),
  }
}

const runIdLengthMax = 64

type RunIds = string | readonly string[] | undefined

/** The first id that is not empty. A longer one is replaced by its digest, so that different ids stay different. */
function toRunId(given: RunIds): string | null {
  const ids = [given ?? []].flat().map((id) => id.trim())
  const id = ids.find((text) => text !== '')?.replaceAll('\0', '\uFFFD')
  if (id === undefined) return null
  return id.length > runIdLengthMax ? createHash('sha256').update(id, 'utf8').digest('hex') : id
}
