import { decideAsSystem } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { JobContext } from '@gatehouse/kernel/jobs'
import { queueMail } from '../../mail/index.ts'
import { sendDomainMissing } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { isDomainProven, toDomainRecord } from '../domain/single-sign-on.ts'
import { policy } from '../policy.ts'
import {
  listProvenDomains,
  lockProvenDomain,
  type ProvenDomain,
  setDomainChecked,
  setDomainMissing,
} from '../store/sso-settings-store.ts'

type WatchDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'egress'>

const domainsAtOnce = 20

/**
 * Checks the record of each proven domain once a day. If it is missing, the owners are notified, and no new person can
 * join with an address of that domain until it is back; existing members stay.
 */
export async function watchDomains(deps: WatchDeps, { signal }: Pick<JobContext, 'signal'>): Promise<void> {
  const dueMs = deps.clock.now() - policy.sso.domainWatchHours * 3_600_000
  let after: ProvenDomain | undefined
  do {
    const from: ProvenDomain | undefined = after
    const due = await asGate(deps, (tx) => listProvenDomains(tx, dueMs, from?.domain ?? '', domainsAtOnce))
    signal.throwIfAborted()
    await Promise.all(due.map((domain) => look(deps, domain)))
    after = due.length < domainsAtOnce ? undefined : due.at(-1)
  } while (after !== undefined)
}

async function look(deps: WatchDeps, { orgId, domain, token }: ProvenDomain): Promise<void> {
  const answer = await deps.egress.forOrg(orgId).lookUpTexts(toDomainRecord({ domain, token }).name)
  // An unanswered query says nothing about the record: it is repeated within the hour.
  if (answer.kind !== 'answered') return
  const isThere = isDomainProven({ domain, token }, answer.texts)
  const system = { kind: 'system', orgId, because: 'domain proof' } as const
  await decideAsSystem(deps, system, async (tx, decide) => {
    const now = deps.clock.now()
    const held = await lockProvenDomain(tx, domain)
    // The owners have changed the domain meanwhile.
    if (held === undefined || held.token !== token) return
    await setDomainChecked(tx, domain, now)
    if (isThere === (held.missingSinceMs === null)) return
    const action = isThere ? 'sso.find_domain' : 'sso.miss_domain'
    const audited = await decide({ action, resourceId: domain, at: now })
    await setDomainMissing(audited, domain, isThere ? null : now)
    if (!isThere) await queueMail(audited, sendDomainMissing, { orgId, domain })
  })
}
