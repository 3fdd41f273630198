import { join } from 'node:path'
import { verifyChain } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { withLocalInstance } from '../../packages/server/src/local/index.ts'
import { foldState } from '../../packages/server/src/services/oversight/domain/operator-state.ts'
import {
  findState,
  listOperatorDays,
} from '../../packages/server/src/services/oversight/store/state-store.ts'

const operatorsRefolded = 50

/** Throws unless every chain verifies and the sums of operators are those of a fold of their days. */
export async function verifyScores(folder: string, orgs: readonly string[]): Promise<number> {
  const env = { GATEHOUSE_DATA: join(folder, 'data') }
  return withLocalInstance({ env, folder, progress: () => undefined }, async ({ db, keys }) => {
    let entries = 0
    for (const orgId of orgs) {
      const principal = { kind: 'system', orgId, because: 'benchmark' } as const
      const chain = await verifyChain({ db }, principal, keys.signingPublicKeys)
      if (!chain.intact) throw new Error(`The chain of ${orgId} is broken`)
      entries += chain.entries
    }
    for (let at = 0; at < operatorsRefolded; at += 1) {
      const orgId = orgs[at % orgs.length] ?? ''
      const where = { operatorId: `op-${at}`, domain: 'financial' } as const
      const { stored, days } = await within(
        { db },
        { kind: 'system', orgId, because: 'benchmark' },
        async (tx) => ({
          stored: await findState(tx, where),
          days: await listOperatorDays(tx, where, 0),
        }),
      )
      if (stored === undefined) continue
      const { sums, window } = foldState(days, stored.state.asOfDay)
      const isSame = stored.state.sums.join() === sums.join() && stored.state.window.join() === window.join()
      if (!isSame) throw new Error(`The sums of ${where.operatorId} are not those of its days`)
    }
    return entries
  })
}
