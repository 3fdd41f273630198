import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type CallLog, mutate } from '@gatehouse/kernel/audit'
import { asEraser, asGate, kernelOrgTables, toTestOrgId } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal, SystemPrincipal } from '@gatehouse/kernel/principal'
import { deleteSessionsOfPerson, openSession } from '@gatehouse/kernel/sessions'
import type { ProbeOrg, ProbeOrgs } from '../../service/probe-orgs.ts'
import type { PlatformDeps } from '../deps.ts'
import { planDefault, toSlug } from '../domain/org.ts'
import { insertMembership } from '../store/membership-store.ts'
import { deleteOrgRows } from '../store/org-life-store.ts'
import { insertOrg } from '../store/org-store.ts'
import { deleteProbePerson, listProbeOrgs, listProbePeople, probeDomain } from '../store/probe-org-store.ts'
import { insertAccount } from '../store/user-store.ts'
import { createKey } from './create-key.ts'
import { eraseOrg } from './erase-org.ts'
import { newOrgId } from './found-org.ts'
import { hashNewPassword } from './hash-new-password.ts'
import { signAccessToken } from './open-member-session.ts'

export type ProbeOrgDeps = Pick<
  PlatformDeps,
  | 'db'
  | 'audit'
  | 'clock'
  | 'digests'
  | 'services'
  | 'furnishOrg'
  | 'forget'
  | 'orgTables'
  | 'tokens'
  | 'sudoTokens'
> & {
  readonly calls: Pick<CallLog, 'flush'>
  /** True when several nodes write calls, so that those of the others may arrive after the org was deleted. */
  readonly hasOtherNodes: boolean
}

/** Calls per minute: a probe that calls every endpoint must not be stopped by a limit. */
const requestsPerWindow = 100_000
/** No run takes this long; an older org was left by a node that died. */
const leftAfterMs = 7_200_000
const otherNodesWriteWithinMs = 10_000
const triesMax = 5
const betweenTriesMs = 1_000
const rowsAtOnce = 1_000

/** Makes the orgs in which probes act, each with an owner, with the same functions as for real orgs. */
export function createProbeOrgs(deps: ProbeOrgDeps): ProbeOrgs {
  const take = async (orgId: string, isLast: boolean): Promise<void> => {
    await eraseRows(deps, orgId)
    for (const userId of await asGate(deps, (tx) => listProbePeople(tx, orgId))) {
      await asGate(deps, (tx) => deleteSessionsOfPerson(tx, userId))
      await asEraser(deps, orgId, (tx) => deleteProbePerson(tx, userId))
    }
    if (!isLast) return
    // A call is written after its answer was sent, which may be after the first pass.
    await deps.calls.flush()
    await eraseRows(deps, orgId)
    await forgetOrg(deps, toTestOrgId(orgId))
    await forgetOrg(deps, orgId)
  }
  return {
    open: async (count) => {
      const password = randomBytes(18).toString('base64url')
      const passwordHash = await hashNewPassword(password)
      const orgs: ProbeOrg[] = []
      while (orgs.length < count) orgs.push(await openOrg(deps, password, passwordHash))
      return orgs
    },
    erase: async (orgs) => {
      await deps.calls.flush()
      for (const { orgId } of orgs) await take(orgId, !deps.hasOtherNodes)
    },
    eraseLeft: async (isRunning) => {
      const afterMs = isRunning ? leftAfterMs : otherNodesWriteWithinMs
      const left = await asGate(deps, (tx) => listProbeOrgs(tx, deps.clock.now() - afterMs))
      for (const orgId of left) await take(orgId, true)
    },
  }
}

async function openOrg(deps: ProbeOrgDeps, password: string, passwordHash: string): Promise<ProbeOrg> {
  const owner = await foundWithOwner(deps, passwordHash)
  const { orgId, userId, sessionId } = owner
  const principal: MemberPrincipal = { kind: 'member', orgId, userId, sessionId, role: 'owner', ip: loopback }
  const keys: Record<string, string> = {}
  for (const [service, { scopes }] of deps.services) {
    const wish = { service, name: 'Probe', scopes, requestsPerWindow }
    keys[service] = (await createKey(deps, principal, wish)).secret.reveal()
  }
  const accessToken = await signAccessToken(deps, { id: sessionId, userId }, orgId)
  const sudoToken = await deps.sudoTokens.sign({ userId, sessionId, issuedAtMs: deps.clock.now() })
  return { orgId, keys, owner: { userId, email: owner.email, password, accessToken, sudoToken } }
}

const loopback = '127.0.0.1'

type Founded = {
  readonly orgId: string
  readonly userId: string
  readonly sessionId: string
  readonly email: string
}

async function foundWithOwner(deps: ProbeOrgDeps, passwordHash: string): Promise<Founded> {
  const orgId = newOrgId()
  return mutate(deps, toSystem(orgId), async (tx) => {
    const nowMs = deps.clock.now()
    const userId = newId(nowMs)
    const name = `Probe ${orgId.slice(0, 8)}`
    const email = `owner-${orgId}@${probeDomain}`
    const account = { id: userId, email, name, language: 'en', passwordHash, createdAtMs: nowMs } as const
    await insertAccount(tx, { ...account, emailVerifiedAtMs: nowMs })
    const slug = toSlug(name, randomBytes(4).toString('hex'))
    await insertOrg(tx, {
      id: orgId,
      name,
      slug,
      plan: planDefault,
      createdAtMs: nowMs,
      isThrownAway: true,
    })
    await insertMembership(tx, userId, 'owner', nowMs)
    const { session } = await openSession(tx, { userId, orgId, userAgent: undefined, ip: loopback }, nowMs)
    const made = { action: 'org.create', resourceId: orgId, detail: { name, owner: userId }, at: nowMs }
    return {
      result: { orgId, userId, sessionId: session.id, email },
      entry: [made, ...(await deps.furnishOrg(tx, nowMs))],
    }
  })
}

async function eraseRows(deps: ProbeOrgDeps, orgId: string): Promise<void> {
  const erasure = await eraseOrg(deps, toSystem(orgId), () => true)
  if (!erasure.erased) throw new Error('An erasure that nobody could refuse was refused')
}

/** Deletes what is kept of any other erased org: its row, and the hashes of its chain. */
async function forgetOrg(deps: ProbeOrgDeps, orgId: string, triesLeft = triesMax): Promise<void> {
  try {
    for (const { table, kept } of kernelOrgTables) if (kept !== undefined) await empty(deps, orgId, table)
  } catch (error) {
    // The last refusals are written up to a second later, and such an entry refers to the org's row.
    if (triesLeft === 1) throw error
    await pause(betweenTriesMs)
    await forgetOrg(deps, orgId, triesLeft - 1)
  }
}

async function empty(deps: ProbeOrgDeps, orgId: string, table: string): Promise<void> {
  let deleted = rowsAtOnce
  while (deleted > 0) deleted = await asEraser(deps, orgId, (tx) => deleteOrgRows(tx, table, rowsAtOnce))
}

function toSystem(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'probes' }
}
