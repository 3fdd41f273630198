import { verifyChain } from '@gatehouse/kernel/audit'
import { recordTelemetry } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { eachOrg } from './each-org.ts'
import { raiseAlert } from './raise-alert.ts'

type Deps = Pick<OversightDeps, 'db' | 'clock' | 'signingPublicKeys'>

/** Verifies every chain from its first entry. A fault raises an alert, which a person has to close. */
export async function verifyChains(deps: Deps, signal: AbortSignal): Promise<void> {
  await eachOrg(deps, 'chains', signal, async (principal) => {
    const { faults } = await verifyChain(deps, principal, deps.signingPublicKeys)
    const [first] = faults
    if (first !== undefined) await tellBrokenChain(deps, principal, first)
  })
}

/** Raises one alert per broken chain, however it was found. */
export async function tellBrokenChain(
  deps: Pick<Deps, 'db' | 'clock'>,
  principal: Principal,
  { seq, because }: { readonly seq: number; readonly because: string },
): Promise<void> {
  await recordTelemetry(deps, principal, (tx) =>
    raiseAlert(
      tx,
      {
        kind: 'chain_broken',
        subject: 'chain',
        severity: 'high',
        operatorId: null,
        domain: null,
        data: { seq, reason: because },
      },
      deps.clock.now(),
    ),
  )
}
