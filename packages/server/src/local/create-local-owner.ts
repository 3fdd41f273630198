import { toFurnishOrg } from '../furnish-org.ts'
import { createOwner, parseNewOwner } from '../platform/index.ts'
import { services } from '../services.ts'
import type { LocalInstance } from './local-instance.ts'

export type LocalOwnerRequest = {
  readonly email: string
  readonly orgName: string
  readonly name?: string | undefined
  readonly password: string
}

export type LocalOwner = {
  readonly user: {
    readonly id: string
    readonly email: string
    readonly name: string
    readonly role: 'owner'
  }
  readonly team: { readonly id: string; readonly name: string }
}

/** Creates a person and their org without a link; the audit log records it as an act of the system. */
export async function createLocalOwner(
  local: LocalInstance,
  request: LocalOwnerRequest,
): Promise<LocalOwner> {
  const owner = parseNewOwner({ ...request, name: request.name ?? request.email.split('@', 1)[0] })
  const { userId, belonging } = await createOwner({ ...local, furnishOrg: toFurnishOrg(services) }, owner)
  return {
    user: { id: userId, email: owner.email, name: owner.name, role: 'owner' },
    team: { id: belonging.orgId, name: belonging.name },
  }
}
