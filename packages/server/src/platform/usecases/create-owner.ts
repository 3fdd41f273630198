import { mutate } from '@gatehouse/kernel/audit'
import { toFieldFaults } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import { z } from 'zod'
import { email, orgName, password, personName } from '../contract/shapes.ts'
import type { PlatformDeps } from '../deps.ts'
import type { Belonging } from '../domain/member.ts'
import { problems } from '../problems.ts'
import { insertUser } from '../store/user-store.ts'
import { foundOrg, newOrgId } from './found-org.ts'
import { hashNewPassword } from './hash-new-password.ts'

export type NewOwner = {
  readonly email: string
  readonly password: string
  readonly name: string
  readonly orgName: string
}

export type CreatedOwner = { readonly userId: string; readonly belonging: Belonging }

const newOwner = z.strictObject({ email, password, name: personName, orgName })

/** Parses the input by the same rules as over HTTP; an error names the field. */
export function parseNewOwner(value: unknown): NewOwner {
  const parsed = newOwner.safeParse(value)
  if (parsed.success) return parsed.data
  throw problems.VALIDATION_ERROR({ fields: toFieldFaults(parsed.error, 'owner') })
}

/** Creates a person and their org, on behalf of the operator on the server's own machine. */
export async function createOwner(
  deps: Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'furnishOrg'>,
  owner: NewOwner,
): Promise<CreatedOwner> {
  const passwordHash = await hashNewPassword(owner.password)
  return mutate(deps, { kind: 'system', orgId: newOrgId(), because: 'command' }, async (tx) => {
    const now = deps.clock.now()
    const id = newId(now)
    const account = {
      id,
      email: owner.email,
      name: owner.name,
      language: 'en',
      passwordHash,
      emailVerifiedAtMs: null,
      createdAtMs: now,
    } as const
    if (!(await insertUser(tx, account)))
      throw problems.VALIDATION_ERROR({ fields: [{ field: 'email', message: 'has an account already' }] })
    const { org, entries } = await foundOrg(deps, tx, owner.orgName, id, now)
    return {
      result: {
        userId: id,
        belonging: {
          orgId: org.id,
          name: org.name,
          plan: org.plan,
          role: 'owner',
          deletionScheduledAtMs: null,
          needsIssuer: false,
        },
      },
      entry: [{ action: 'user.create', resourceId: id, detail: { email: owner.email }, at: now }, ...entries],
    }
  })
}
