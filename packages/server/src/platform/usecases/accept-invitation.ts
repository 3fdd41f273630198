import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { PlatformDeps } from '../deps.ts'
import type { Language } from '../domain/language.ts'
import { notChosen } from '../domain/preferences.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { digestToken } from './single-use-token.ts'
import { deleteInvitation, findInvitationByToken, type FoundInvitation } from '../store/invitation-store.ts'
import { findBreakGlass } from '../store/sso-requirement-store.ts'
import { insertMembership, listBelongings } from '../store/membership-store.ts'
import { type Account, findAccountByEmail, insertUser, type NewAccount } from '../store/user-store.ts'
import { assertGoodPassword, hashNewPassword } from './hash-new-password.ts'
import { provePassword } from './guard-guesses.ts'
import { arriving, type SignedIn, type Visit } from './open-member-session.ts'
import { publishPlatformEvent } from './publish-platform-event.ts'
import { askSecondFactor, enter, type HalfSignedIn } from './verify-mfa.ts'

export type Acceptance = {
  readonly token: string
  readonly email: string
  readonly password: string
  /** The name of a new person. */
  readonly name?: string | undefined
}

type Joining = {
  readonly person: Pick<Account, 'id' | 'email' | 'name' | 'preferences'>
  /** Undefined when the person has an account, whose password was verified. */
  readonly account: NewAccount | undefined
}

/** Joins an org, once: an existing account is verified by its password, otherwise one is created. */
export async function acceptInvitation(
  deps: PlatformDeps,
  acceptance: Acceptance,
  visit: Visit,
  language: Language,
): Promise<SignedIn | HalfSignedIn> {
  // Checked before any look-up, so that these refusals disclose nothing about the address.
  if (acceptance.name !== undefined) {
    if (deps.registration === 'closed') throw problems.REGISTRATION_CLOSED()
    assertGoodPassword(acceptance.password)
  }
  const digest = digestToken(acceptance.token)
  const found = await asGate(deps, (tx) => findInvitationByToken(tx, digest, deps.clock.now()))
  if (found === undefined) throw problems.EXPIRED_TOKEN()
  const { invitation } = found
  if ((await asGate(deps, (tx) => findBreakGlass(tx, invitation.orgId))) !== undefined)
    throw problems.SINGLE_SIGN_ON_REQUIRED({ detail: 'Sign in through this organisation to join it' })
  if (invitation.email !== null && invitation.email !== acceptance.email)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'email', message: 'is not the address that was invited' }],
    })
  const { person, account } = await prove(deps, acceptance, found, visit, language)
  const { orgId, role } = invitation
  await mutate(deps, arriving(person.id, orgId, role, visit), async (tx) => {
    const now = deps.clock.now()
    if (!(await deleteInvitation(tx, invitation.id, now))) throw problems.EXPIRED_TOKEN()
    if (account !== undefined && !(await insertUser(tx, account))) throw wrongPassword()
    if (!(await insertMembership(tx, person.id, role, now))) throw problems.ALREADY_MEMBER()
    await publishPlatformEvent(tx, 'member.changed', { user_id: person.id, change: 'joined', role }, now)
    const accepted = { action: 'invitation.accept', resourceId: invitation.id, at: now }
    const joined = {
      action: 'member.join',
      resourceId: person.id,
      detail: { role, by: invitation.invitedBy },
      at: now,
    }
    return { result: undefined, entry: [accepted, joined] }
  })
  // A log-in may require more than the password that was enough to join.
  return (await askSecondFactor(deps, person, orgId)) ?? enter(deps, person, { orgId, role }, visit)
}

async function prove(
  deps: PlatformDeps,
  { email, password, name }: Acceptance,
  { invitation, byMail }: FoundInvitation,
  visit: Visit,
  language: Language,
): Promise<Joining> {
  const { known, belongings } = await asGate(deps, async (tx) => {
    const account = await findAccountByEmail(tx, email)
    return { known: account, belongings: await listBelongings(tx, account?.id ?? '') }
  })
  const note = (reason: string): void => {
    const route = 'POST /auth/invitations/accept'
    deps.refusals.note({ orgId: invitation.orgId, ip: visit.ip, route, reason, atMs: deps.clock.now() })
  }
  if (known !== undefined || name === undefined) {
    const verdict = await provePassword(deps, { email, account: known }, password, visit)
    if (!verdict.matches) {
      note(verdict.reason)
      throw wrongPassword()
    }
    if (known === undefined) throw new Error('The password of nobody was proven')
    if (belongings.length >= policy.teamsPerPersonMax) throw problems.MAX_TEAMS_REACHED()
    return { person: known, account: undefined }
  }
  const passwordHash = await hashNewPassword(password)
  const now = deps.clock.now()
  const emailVerifiedAtMs = byMail ? now : null
  const account = { id: newId(now), email, name, language, passwordHash, emailVerifiedAtMs, createdAtMs: now }
  return { person: { ...account, preferences: notChosen }, account }
}

function wrongPassword(): Error {
  return problems.UNAUTHORIZED({ detail: 'The e-mail address or the password is wrong' })
}
