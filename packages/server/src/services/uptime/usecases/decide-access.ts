import type { Problem } from '@gatehouse/kernel/problem'
import { problems } from '../problems.ts'
import type { Service } from '../store/service-store.ts'

type Access = Pick<Service, 'access' | 'passwordHash'>

type Change = {
  readonly isPublic?: boolean | undefined
  readonly access?: Service['access'] | undefined
  /** Hash of the sent password, if one was sent. */
  readonly passwordHash?: string | undefined
}

/** The page's access after a change. Throws VALIDATION_ERROR. A password is dropped if the new access needs none. */
export function decideAccess(before: Access, { isPublic, access, passwordHash }: Change): Access {
  if (isPublic !== undefined && access !== undefined && isPublic === (access === 'members'))
    throw refuse('isPublic', 'must be false for members alone, and true otherwise')
  const next = access ?? followPublic(before, isPublic)
  if (next !== 'password') {
    if (passwordHash !== undefined) throw refuse('password', 'is only for a page whose access is password')
    return { access: next, passwordHash: null }
  }
  const hash = passwordHash ?? before.passwordHash
  if (hash === null) throw refuse('password', 'is required for a page whose access is password')
  return { access: next, passwordHash: hash }
}

/** A public page with a password keeps it while it stays public. */
function followPublic({ access }: Access, isPublic: boolean | undefined): Service['access'] {
  if (isPublic === undefined) return access
  if (!isPublic) return 'members'
  return access === 'members' ? 'public' : access
}

function refuse(field: string, message: string): Problem {
  return problems.VALIDATION_ERROR({ fields: [{ field, message }] })
}
