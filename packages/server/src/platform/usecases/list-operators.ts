import { asGate } from '@gatehouse/kernel/db'
import type { Reader, Recipient } from '../../mail/index.ts'
import type { PlatformDeps } from '../deps.ts'
import { findReaders } from '../store/operator-address-store.ts'

const mailto = 'mailto:'
/** Of an address without an account nothing is known. */
const nobody: Reader = { language: 'en', timeZone: null }

/** Where whoever runs the instance gets mail: those who administer it, and the contact of its `security.txt`. */
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
