import { sql } from 'kysely'
import { query, within } from '@gatehouse/kernel/db'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { Problem } from '@gatehouse/kernel/problem'
import { scoredDecision, storedDecision } from '../contract/decision-blocks.ts'
import { decisionBody } from '../contract/decision-bodies.ts'
import { policyBody } from '../contract/decision-policy.ts'
import { reviewBody } from '../contract/decisions.ts'
import type { OversightDeps } from '../deps.ts'
import { setPolicy } from '../usecases/decision-policy.ts'
import { getDecision } from '../usecases/read-decisions.ts'
import { reviewDecision } from '../usecases/review-decision.ts'
import { scoreDecision } from '../usecases/score-decision.ts'
import type { TestOversight } from './test-oversight.ts'

/** Operations on decisions for tests, with the bodies and replies of the wire. */
export function useDecisions(test: () => TestOversight) {
  return {
    send: async (
      key: KeyPrincipal,
      body: object,
      deps: OversightDeps = test().deps,
      headers: Readonly<Record<string, string>> = {},
    ) =>
      scoredDecision.parse(await scoreDecision(deps, key, decisionBody.parse(body), test().context(headers))),
    act: async (key: KeyPrincipal, id: string, body: object) => {
      const parsed = reviewBody.parse({ reviewer_id: 'reviewer-1', ...body })
      return storedDecision.parse(await reviewDecision(test().deps, key, id, parsed, test().context()))
    },
    read: async (key: KeyPrincipal, id: string) =>
      storedDecision.parse(await getDecision(test().deps, key, id, test().context())),
    setRules: (key: KeyPrincipal, body: object) =>
      setPolicy(test().deps, key, policyBody.parse(body), test().context()),
    /** The events of the organisation's chain, in order. */
    eventsOf: (key: KeyPrincipal) =>
      within(test().deps, key, async (tx) => {
        const { rows } = await sql<{ event_type: string }>`
          SELECT event_type FROM gatehouse.audit_entry WHERE org_id = ${tx.orgId} ORDER BY seq`.execute(
          query(tx),
        )
        return rows.map((row) => row.event_type)
      }),
  }
}

/** The error code of a refusal; `none` if the work succeeds. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}
