import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { sessionEndpoints } from '../contract/sessions.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireSession } from './to-wire.ts'
import { endOwnSession, listOwnSessions } from '../usecases/end-sessions.ts'

export function sessionHandlers(deps: PlatformDeps): HandlersOf<typeof sessionEndpoints> {
  return {
    listSessions: async (member) => {
      const { sessionId } = member
      const sessions = await listOwnSessions(deps, member)
      return { sessions: sessions.map((session) => toWireSession(session, sessionId)) }
    },
    endSession: async (member, { params }) => {
      await endOwnSession(deps, member, params.id)
      return { ok: true } as const
    },
  }
}
