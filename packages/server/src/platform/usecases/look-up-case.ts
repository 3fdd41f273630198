import { timingSafeEqual } from 'node:crypto'
import { within } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import type { DisclosureCase } from '../domain/disclosure-case.ts'
import { findCaseByReference } from '../store/disclosure-store.ts'
import { digestToken } from './single-use-token.ts'

const system: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'reported weakness' }
const nothing = Buffer.alloc(32)

/** The state of a case, for a holder of its code; a wrong code is answered like an unknown reference. */
export async function lookUpCase(
  deps: Pick<PlatformDeps, 'db'>,
  reference: string,
  code: string,
): Promise<DisclosureCase | undefined> {
  const known = await within(deps, system, (tx) => findCaseByReference(tx, reference))
  const matches = timingSafeEqual(digestToken(code), known?.codeDigest ?? nothing)
  return matches ? known?.found : undefined
}
