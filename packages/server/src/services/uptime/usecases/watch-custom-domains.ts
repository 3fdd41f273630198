import { decideAsSystem } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { JobContext } from '@gatehouse/kernel/jobs'
import { queueMail } from '../../../mail/index.ts'
import { domainMissingMail } from '../contract/custom-domains.ts'
import type { UptimeDeps } from '../deps.ts'
import { judgeDay } from '../domain/custom-domain.ts'
import { uptimePolicy } from '../policy.ts'
import {
  type DueDomain,
  listDueDomains,
  lockPageDomain,
  setDomainFinding,
  setDomainStatus,
} from '../store/domain-store.ts'
import { lookAtDomain } from './look-at-domain.ts'

type WatchDeps = Pick<UptimeDeps, 'db' | 'audit' | 'clock' | 'egress' | 'publicUrl'>

const domainsAtOnce = 20
const { watchHours, badDaysMax } = uptimePolicy.customDomain

/** Checks the records of each active domain once a day. After seven days without them the page leaves the domain. */
export async function watchCustomDomains(
  deps: WatchDeps,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<void> {
  const dueMs = deps.clock.now() - watchHours * 3_600_000
  let after = ''
  for (;;) {
    const from = after
    const due = await asGate(deps, (tx) => listDueDomains(tx, dueMs, from, domainsAtOnce))
    signal.throwIfAborted()
    await Promise.all(due.map((domain) => look(deps, domain)))
    const last = due.at(-1)
    if (last === undefined || due.length < domainsAtOnce) return
    after = last.domain
  }
}

async function look(deps: WatchDeps, due: DueDomain): Promise<void> {
  const { orgId, serviceId } = due
  const finding = await lookAtDomain(deps, orgId, due)
  const system = { kind: 'system', orgId, because: 'domain of a status page' } as const
  await decideAsSystem(deps, system, async (tx, decide) => {
    const now = deps.clock.now()
    const held = await lockPageDomain(tx, serviceId)
    // The owners have changed it meanwhile.
    if (held?.token !== due.token || held.status !== 'active') return
    const day = judgeDay(held, finding, badDaysMax)
    // Unanswered: asked again within the hour.
    if (day === undefined) return
    await setDomainFinding(tx, serviceId, { finding, badDays: day.badDays, checkedAtMs: now })
    const action = toAction(held.badDays, day)
    if (action === undefined) return
    const detail = { domain: due.domain, cname: finding.alias.outcome, txt: finding.text.outcome }
    const audited = await decide({ action, resourceId: serviceId, detail, at: now })
    await setDomainStatus(audited, serviceId, day.status)
    if (action !== 'status_page.find_domain')
      await queueMail(audited, domainMissingMail, { orgId, serviceId, domain: due.domain })
  })
}

function toAction(
  badDaysBefore: number,
  { status, badDays }: { readonly status: string; readonly badDays: number },
) {
  if (status === 'failed') return 'status_page.lose_domain'
  if (badDaysBefore === 0 && badDays > 0) return 'status_page.miss_domain'
  return badDaysBefore > 0 && badDays === 0 ? 'status_page.find_domain' : undefined
}
