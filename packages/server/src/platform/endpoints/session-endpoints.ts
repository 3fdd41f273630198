import { asGate } from '@gatehouse/kernel/db'
import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import { listSessions } from '@gatehouse/kernel/sessions'
import * as contract from '../contract/sessions.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireSession } from '../to-wire.ts'
import { endOwnSession } from '../usecases/end-sessions.ts'

export function sessionEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(contract.listSessions, async ({ userId, sessionId }) => {
      const sessions = await asGate(deps, (tx) => listSessions(tx, userId, deps.clock.now()))
      return { sessions: sessions.map((session) => toWireSession(session, sessionId)) }
    }),
    bind(contract.endSession, async (member, { params }) => {
      await endOwnSession(deps, member, params.id)
      return { ok: true } as const
    }),
  ]
}
