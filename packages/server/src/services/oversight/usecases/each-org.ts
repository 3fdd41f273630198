import { asWriter, recordTelemetry } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { listActiveOrgs } from '../store/nightly-store.ts'
import { closeAlert, raiseAlert } from './raise-alert.ts'

/** Background work per organisation; a failure does not affect scoring. */
export type NightlyWork = 'fold' | 'norms' | 'refold' | 'organisation' | 'requests' | 'chains'

type Deps = Pick<OversightDeps, 'db' | 'clock'>

/**
 * Runs nightly work for each organisation that has operators. A failure does not stop the others: it raises an alert,
 * which the next success closes. All errors are thrown together at the end.
 */
export async function eachOrg(
  deps: Deps,
  work: NightlyWork,
  signal: AbortSignal,
  run: (principal: SystemPrincipal) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  for (const orgId of await asWriter(deps, listActiveOrgs)) {
    signal.throwIfAborted()
    const principal = { kind: 'system', orgId, because: 'nightly work' } as const
    try {
      await run(principal)
      await recordTelemetry(deps, principal, (tx) => closeAlert(tx, 'nightly_failed', work, deps.clock.now()))
    } catch (error) {
      signal.throwIfAborted()
      failures.push(error)
      await tell(deps, principal, work).catch((cause: unknown) => failures.push(cause))
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `Nightly work failed: ${work}`)
}

async function tell(deps: Deps, principal: SystemPrincipal, work: NightlyWork): Promise<void> {
  await recordTelemetry(deps, principal, (tx) =>
    raiseAlert(
      tx,
      {
        kind: 'nightly_failed',
        subject: work,
        severity: 'medium',
        operatorId: null,
        domain: null,
        data: { work },
      },
      deps.clock.now(),
    ),
  )
}
