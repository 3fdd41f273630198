import { asGate } from '@gatehouse/kernel/db'
import type { Reader, Recipient } from '../../mail/index.ts'
import type { PlatformDeps } from '../deps.ts'
import { findReaders } from '../store/operator-address-store.ts'

const mailto = 'mailto:'
/** The reader for an address without an account. */
const nobody: Reader = { language: 'en', timeZone: null }

/**
 * The recipients for mails to the operator: the administrators of the instance, and the contact of its `security.txt`.
 */
export async function listOperators(
  deps: Pick<PlatformDeps, 'db' | 'admins' | 'securityContact'>,
): Promise<readonly (Recipient & Reader)[]> {
  const { admins, securityContact = '' } = deps
  const contact = securityContact.startsWith(mailto)
    ? [securityContact.slice(mailto.length).toLowerCase()]
    : []
  const addresses = [...new Set([...admins, ...contact])]
  const readers = await asGate(deps, (tx) => findReaders(tx, addresses))
  return addresses.map((email) => ({ email, ...(readers.get(email) ?? nobody) }))
}
