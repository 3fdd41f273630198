import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { PlatformDeps } from '../deps.ts'
import type { Language } from '../domain/language.ts'
import { notChosen } from '../domain/preferences.ts'
import { problems } from '../problems.ts'
import { digestToken } from './single-use-token.ts'
import { claimSetup, isSetupToken } from '../store/setup-store.ts'
import { insertUser } from '../store/user-store.ts'
import { foundOrg, newOrgId } from './found-org.ts'
import { hashNewPassword } from './hash-new-password.ts'
import {
  arriving,
  openMemberSession,
  signAccessToken,
  type SignedIn,
  type Visit,
} from './open-member-session.ts'

export type OwnerRequest = {
  readonly token: string
  readonly email: string
  readonly password: string
  readonly name: string
  readonly orgName: string
}

/**
 * Creates the first person, their org and their session, once; of any number of concurrent callers with the link, one
 * succeeds.
 */
export async function setUpOwner(
  deps: PlatformDeps,
  { token, email, password, name, orgName }: OwnerRequest,
  visit: Visit,
  language: Language,
): Promise<SignedIn> {
  const digest = digestToken(token)
  if (!(await asGate(deps, (tx) => isSetupToken(tx, digest, deps.clock.now()))))
    throw problems.EXPIRED_TOKEN()
  const passwordHash = await hashNewPassword(password)
  const now = deps.clock.now()
  const id = newId(now)
  const owner = arriving(id, newOrgId(), 'owner', visit)
  const { session, refreshToken } = await mutate(deps, owner, async (tx) => {
    if (!(await claimSetup(tx, digest, now))) throw problems.EXPIRED_TOKEN()
    const account = { id, email, name, language, passwordHash, emailVerifiedAtMs: null, createdAtMs: now }
    if (!(await insertUser(tx, account))) throw new Error('There is a person although nobody was set up')
    const founded = await foundOrg(deps, tx, orgName, id, now)
    const opened = await openMemberSession(deps, tx, id, visit, now)
    const created = { action: 'user.create', resourceId: id, detail: { email }, at: now }
    return { result: opened, entry: [...founded.entries, created, opened.entry, ...opened.noticed] }
  })
  return {
    user: { id, email, name, preferences: notChosen, teamId: owner.orgId, role: 'owner' },
    accessToken: await signAccessToken(deps, session, owner.orgId),
    refreshToken,
  }
}
