import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { mintToken } from './single-use-token.ts'
import { isSetupOpen, setSetupToken } from '../store/setup-store.ts'

export type OwnerLink =
  | { readonly open: true; readonly url: string; readonly expiresAtMs: number }
  /** Somebody has an account; further people are invited by owners. */
  | { readonly open: false }

const hourMs = 3_600_000

/**
 * Makes the single-use link that creates the first owner, replacing an earlier one; only while nobody has an account.
 */
export async function createOwnerLink(
  deps: Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'publicUrl'>,
): Promise<OwnerLink> {
  if (!(await asGate(deps, isSetupOpen))) return { open: false }
  const { token, digest } = mintToken()
  const now = deps.clock.now()
  const expiresAtMs = now + policy.setupTokenHours * hourMs
  const kept = await mutate(deps, { kind: 'system', orgId: instanceOrgId, because: 'setup' }, async (tx) => {
    const result = await setSetupToken(tx, digest, expiresAtMs)
    return { result, entry: { action: 'owner.link', outcome: result ? 'done' : 'refused', at: now } }
  })
  return kept
    ? { open: true, url: `${deps.publicUrl()}/app/setup?token=${token}`, expiresAtMs }
    : { open: false }
}
