import { asGate } from '@gatehouse/kernel/db'
import type { Recipient } from '../../mail/index.ts'
import type { PlatformDeps } from '../deps.ts'
import { findLanguages } from '../store/operator-address-store.ts'

const mailto = 'mailto:'

/** Where whoever runs the instance gets mail: those who administer it, and the contact of its `security.txt`. */
export async function listOperators(
  deps: Pick<PlatformDeps, 'db' | 'admins' | 'securityContact'>,
): Promise<readonly Recipient[]> {
  const { admins, securityContact = '' } = deps
  const contact = securityContact.startsWith(mailto)
    ? [securityContact.slice(mailto.length).toLowerCase()]
    : []
  const addresses = [...new Set([...admins, ...contact])]
  const languages = await asGate(deps, (tx) => findLanguages(tx, addresses))
  return addresses.map((email) => ({ email, language: languages.get(email) ?? 'en' }))
}
