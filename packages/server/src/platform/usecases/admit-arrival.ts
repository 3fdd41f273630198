import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { PlatformDeps } from '../deps.ts'
import type { Arrival } from '../domain/judge-claims.ts'
import type { Language } from '../domain/language.ts'
import { notChosen } from '../domain/preferences.ts'
import type { SignOnRefusal } from '../domain/sign-on-refusal.ts'
import { policy } from '../policy.ts'
import { listFactors } from '../store/factor-store.ts'
import { listMemberships } from '../store/membership-store.ts'
import { findIdentity, findSubject, insertLink } from '../store/sso-arrival-store.ts'
import { findProvenDomain } from '../store/sso-settings-store.ts'
import {
  type Account,
  findAccountByEmail,
  findPerson,
  hasPassword,
  type NewAccount,
  noPassword,
} from '../store/user-store.ts'
import { enterByIssuer } from './enter-by-issuer.ts'
import type { SignedIn, Visit } from './open-member-session.ts'
import { mintToken } from './single-use-token.ts'
import { askSecondFactor, type HalfSignedIn } from './verify-mfa.ts'

export type Admission =
  | { readonly kind: 'in'; readonly signedIn: SignedIn }
  /** The person's own second factor is required as well. */
  | { readonly kind: 'half'; readonly half: HalfSignedIn }
  /** The address has an account, and the person has yet to prove that it is theirs. */
  | { readonly kind: 'connect'; readonly linkToken: string; readonly email: string }
  | { readonly kind: 'refused'; readonly reason: SignOnRefusal }

type Person = Pick<Account, 'id' | 'email' | 'name' | 'preferences'>

const minuteMs = 60_000

/**
 * Logs in a person whom an issuer vouches for. They are identified by the issuer's subject: the address alone gives no
 * access to an existing account, because the issuer of one org must not decide about accounts of others.
 */
export async function admitArrival(
  deps: PlatformDeps,
  arrival: Arrival,
  visit: Visit,
  language: Language,
): Promise<Admission> {
  const found = await asGate(deps, async (tx) => {
    const userId = await findIdentity(tx, arrival)
    const known = userId === undefined ? undefined : await findPerson(tx, userId)
    const domain = arrival.email.slice(arrival.email.lastIndexOf('@') + 1)
    const proven = known === undefined ? await findProvenDomain(tx, domain) : undefined
    if (proven?.orgId === arrival.orgId && proven.missingSinceMs !== null) return 'domain_missing'
    const account = known === undefined ? await findAccountByEmail(tx, arrival.email) : undefined
    if (account === undefined) return { known }
    return {
      known,
      account,
      subject: await findSubject(tx, arrival, account.id),
      orgs: await listMemberships(tx, account.id),
      factors: await listFactors(tx, account.id),
    }
  })
  if (found === 'domain_missing') return { kind: 'refused', reason: found }
  const { known, account, subject, orgs = [], factors = [] } = found
  if (known !== undefined) return proceed(deps, arrival, known, visit)
  if (account === undefined) return admitNewcomer(deps, arrival, visit, language)
  if (subject !== undefined) return { kind: 'refused', reason: 'address_taken' }
  // A person who once came through an issuer and belongs to no org any more: there is nothing to take over.
  const isLeftOver = !hasPassword(account) && orgs.length === 0 && factors.length === 0
  if (isLeftOver) return proceed(deps, arrival, account, visit)
  if (!orgs.includes(arrival.orgId) && orgs.length >= policy.teamsPerPersonMax)
    return { kind: 'refused', reason: 'too_many_orgs' }
  const { token, digest } = mintToken()
  const expiresAtMs = deps.clock.now() + policy.sso.linkMinutes * minuteMs
  await asGate(deps, (tx) => insertLink(tx, digest, account.id, arrival, expiresAtMs))
  return { kind: 'connect', linkToken: token, email: account.email }
}

async function admitNewcomer(
  deps: PlatformDeps,
  arrival: Arrival,
  visit: Visit,
  language: Language,
): Promise<Admission> {
  if (deps.registration === 'closed') return { kind: 'refused', reason: 'registration_closed' }
  const now = deps.clock.now()
  const { email, name } = arrival
  const account: NewAccount = {
    id: newId(now),
    email,
    name,
    language,
    passwordHash: noPassword,
    emailVerifiedAtMs: now,
    createdAtMs: now,
  }
  const signedIn = await enterByIssuer(deps, arrival, { ...account, preferences: notChosen }, visit, {
    account,
  })
  // Another request of the same person was faster; what it created exists now.
  if (signedIn === 'outrun') return admitArrival(deps, arrival, visit, language)
  return toAdmission(signedIn)
}

/** Continues the log-in; a person with a second factor of their own has to prove that too. */
async function proceed(
  deps: PlatformDeps,
  arrival: Arrival,
  person: Person,
  visit: Visit,
): Promise<Admission> {
  const half = await askSecondFactor(deps, person, arrival.orgId, arrival)
  if (half !== undefined) return { kind: 'half', half }
  return toAdmission(await enterByIssuer(deps, arrival, person, visit))
}

function toAdmission(entered: SignedIn | 'outrun' | 'gone' | 'taken'): Admission {
  if (entered === 'gone') return { kind: 'refused', reason: 'begun_elsewhere' }
  if (entered === 'taken' || entered === 'outrun') return { kind: 'refused', reason: 'address_taken' }
  return { kind: 'in', signedIn: entered }
}
