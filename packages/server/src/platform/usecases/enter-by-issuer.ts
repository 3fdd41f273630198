import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { Role } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendFactorChanged } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import type { SecondFactorMethod } from '../domain/factor.ts'
import type { Arrival } from '../domain/judge-claims.ts'
import { judgeDeparture } from '../domain/judge-departure.ts'
import { countOwners, findMember, insertMembership } from '../store/membership-store.ts'
import { lockOrg } from '../store/org-store.ts'
import { findIdentity, findSubject, insertSsoSession, setIdentity } from '../store/sso-arrival-store.ts'
import { findBreakGlass } from '../store/sso-requirement-store.ts'
import { findSsoSettings } from '../store/sso-settings-store.ts'
import { type Account, insertUser, type NewAccount } from '../store/user-store.ts'
import { changeMembership } from './change-membership.ts'
import { toConnection } from './find-connection.ts'
import {
  arriving,
  openMemberSession,
  signAccessToken,
  type SignedIn,
  type Visit,
} from './open-member-session.ts'
import { publishPlatformEvent } from './publish-platform-event.ts'

type NotEnteredBecause = 'outrun' | 'gone' | 'taken'

export type Entering = {
  readonly account?: NewAccount
  readonly secondFactor?: SecondFactorMethod
}

/**
 * Opens a session that is valid in the arrival's org only, after creating the membership with the role that the groups
 * give. `gone`: the org has another issuer by now. `taken`: the person is connected with another identity. `outrun`: an
 * account with this address was created meanwhile.
 */
export async function enterByIssuer(
  deps: PlatformDeps,
  arrival: Arrival,
  person: Pick<Account, 'id' | 'email' | 'name' | 'preferences'>,
  visit: Visit,
  { account, secondFactor }: Entering = {},
): Promise<SignedIn | NotEnteredBecause> {
  const { orgId, issuer } = arrival
  if ((await toConnection(deps, orgId, issuer)) === undefined) return 'gone'
  const { id, email, name, preferences } = person
  try {
    const entered = await mutate(deps, arriving(id, orgId, arrival.role, visit), async (tx) => {
      await lockOrg(tx)
      const now = deps.clock.now()
      const settings = await findSsoSettings(tx)
      if (settings !== undefined && settings.issuer !== issuer) throw new NotEntered('gone')
      if (account !== undefined && !(await insertUser(tx, account))) throw new NotEntered('outrun')
      const given = await giveRole(deps, tx, arrival, id)
      const subject = await findSubject(tx, { orgId, issuer }, id)
      const owner = await findIdentity(tx, arrival)
      if ((subject ?? arrival.subject) !== arrival.subject || (owner ?? id) !== id)
        throw new NotEntered('taken')
      await setIdentity(tx, arrival, id, now)
      const connected = { action: 'sso.connect', resourceId: id, detail: { issuer }, at: now }
      const opened = await openMemberSession(deps, tx, id, visit, now, { isConfined: true })
      await insertSsoSession(tx, arrival, opened.session)
      if (secondFactor === 'recoveryCode' && deps.mailer.isConfigured) {
        const change = { orgId, userId: id, change: 'recovery_code_used', ip: visit.ip, atMs: now } as const
        await queueMail(tx, sendFactorChanged, change)
      }
      const detail = { issuer, ...(secondFactor === undefined ? {} : { secondFactor }) }
      const session: Decision = { ...opened.entry, detail }
      const entry: readonly [Decision, ...Decision[]] = [
        session,
        ...(subject === undefined ? [connected] : []),
        ...given.entries,
        ...opened.noticed,
      ]
      return { result: { opened, role: given.role }, entry }
    })
    const { opened, role } = entered
    return {
      user: { id, email, name, preferences, teamId: orgId, role },
      accessToken: await signAccessToken(deps, opened.session, orgId),
      refreshToken: opened.refreshToken,
    }
  } catch (error) {
    if (error instanceof NotEntered) return error.because
    throw error
  }
}

/** Thrown to roll the transaction back when no session can be opened. */
class NotEntered extends Error {
  override readonly name = 'NotEntered'
  readonly because: NotEnteredBecause

  constructor(because: NotEnteredBecause) {
    super(because)
    this.because = because
  }
}

const by = 'single sign-on'

/** Sets the role by the groups at each log-in, except for owners whom the org cannot do without. */
async function giveRole(
  deps: PlatformDeps,
  tx: AuditedTx,
  { role }: Pick<Arrival, 'role'>,
  userId: string,
): Promise<{ readonly role: Role; readonly entries: readonly Decision[] }> {
  const now = deps.clock.now()
  const member = await findMember(tx, userId)
  if (member === undefined) {
    await insertMembership(tx, userId, role, now)
    await publishPlatformEvent(tx, 'member.changed', { user_id: userId, change: 'joined', role }, now)
    return { role, entries: [{ action: 'member.join', resourceId: userId, detail: { role, by }, at: now }] }
  }
  if (member.role === role) return { role, entries: [] }
  const detail = { from: member.role, to: role, by }
  const change = { action: 'member.change_role', resourceId: userId, detail, at: now }
  const kept = await findWhatKeeps(tx, userId, member.role, role)
  if (kept !== undefined)
    return { role: member.role, entries: [{ ...change, outcome: 'refused', reason: kept }] }
  const besides = await changeMembership(deps, tx, userId, role, by)
  await publishPlatformEvent(tx, 'member.changed', { user_id: userId, change: 'role', role }, now)
  return { role, entries: [change, ...besides] }
}

async function findWhatKeeps(
  tx: AuditedTx,
  userId: string,
  from: Role,
  to: Role | undefined,
): Promise<'last_owner' | 'break_glass_owner' | undefined> {
  if ((await findBreakGlass(tx, tx.orgId)) === userId) return 'break_glass_owner'
  return judgeDeparture(from, to, await countOwners(tx)).allowed ? undefined : 'last_owner'
}

/** Removes a person whose groups give them no role any more. */
export async function dismissArrival(
  deps: PlatformDeps,
  whom: Pick<Arrival, 'orgId' | 'issuer' | 'subject'>,
): Promise<void> {
  const system = { kind: 'system', orgId: whom.orgId, because: by } as const
  const userId = await within(deps, system, (tx) => findIdentity(tx, whom))
  if (userId === undefined) return
  await mutate(deps, system, async (tx) => {
    await lockOrg(tx)
    const now = deps.clock.now()
    const member = await findMember(tx, userId)
    const removal = { action: 'member.remove', resourceId: userId, detail: { because: 'no group' }, at: now }
    if (member === undefined) return { result: undefined, entry: { ...removal, outcome: 'refused' } }
    const kept = await findWhatKeeps(tx, userId, member.role, undefined)
    if (kept !== undefined)
      return { result: undefined, entry: { ...removal, outcome: 'refused', reason: kept } }
    const besides = await changeMembership(deps, tx, userId, undefined, by)
    await publishPlatformEvent(tx, 'member.changed', { user_id: userId, change: 'removed' }, now)
    return { result: undefined, entry: [removal, ...besides] }
  })
}
