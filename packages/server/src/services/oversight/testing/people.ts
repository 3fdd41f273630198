import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { KeyPrincipal, LinkPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import { batchBody } from '../contract/scoring.ts'
import { scoreBatch } from '../usecases/score.ts'
import { h80Bodies } from './h80-requests.ts'
import type { TestOversight } from './test-oversight.ts'

/** Sends the specification's history H80, or the beginning of it, as an operator's decisions. */
export async function sendH80(
  test: TestOversight,
  key: KeyPrincipal,
  operatorId = 'h80',
  count = 80,
): Promise<void> {
  const interactions = h80Bodies(test.clock.now(), operatorId)
    .slice(0, count)
    .map(({ interaction, session_id: sessionId }) => ({
      ...interaction,
      session_id: `${operatorId}:${sessionId}`,
    }))
  const body = {
    session_id: `batch-${operatorId}`,
    operator_id: operatorId,
    domain: 'financial',
    interactions,
  }
  await scoreBatch(test.deps, key, batchBody.parse(body), test.context())
}

/** The principal of a holder of an access link to an operator's record. */
export function personOf({ orgId }: KeyPrincipal, subject = 'h80'): LinkPrincipal {
  return { kind: 'link', orgId, service: 'oversight', linkId: 'lnk_1', subject, ip: '192.0.2.2' }
}

export function memberOf({ orgId }: KeyPrincipal, userId = 'mia'): MemberPrincipal {
  return { kind: 'member', orgId, userId, sessionId: 's', role: 'member', ip: '192.0.2.3' }
}

/** Payloads of an organisation's chain entries of one kind, newest first. */
export async function payloadsOf(
  test: TestOversight,
  key: KeyPrincipal,
  action: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return within(test.deps, key, async (tx) => {
    const rows = await listEntries(tx, { actions: [action] }, { limit: 1_000 })
    return rows.map(({ payload }) => JSON.parse(payload ?? '{}') as Record<string, unknown>)
  })
}
