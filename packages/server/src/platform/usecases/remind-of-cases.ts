import { decideAsSystem } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { JobContext } from '@gatehouse/kernel/jobs'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendCaseReminder } from '../contract/security-mails.ts'
import type { PlatformDeps } from '../deps.ts'
import { findDueReminder } from '../domain/deadline.ts'
import { type CaseClock, listCaseClocks } from '../domain/disclosure-case.ts'
import { policy } from '../policy.ts'
import { type CaseChange, findCase, listOpenCases, setCase } from '../store/disclosure-store.ts'

type CaseDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'mailer'>

const system: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'reported weakness' }

/** Reminds the operator of open reports, before their deadlines and once they have passed. */
export async function remindOfCases(deps: CaseDeps, { signal }: Pick<JobContext, 'signal'>): Promise<void> {
  for (const { id, ...found } of await within(deps, system, listOpenCases))
    for (const clock of listCaseClocks(found)) {
      signal.throwIfAborted()
      await remind(deps, id, clock)
    }
}

async function remind(deps: CaseDeps, id: string, clock: CaseClock): Promise<void> {
  await decideAsSystem(deps, system, async (tx, decide) => {
    const at = deps.clock.now()
    const found = await findCase(tx, id)
    if (found === undefined || !listCaseClocks(found).includes(clock)) return
    const deadline = policy.disclosure.clocks[clock]
    const hours = findDueReminder(found.receivedAtMs, deadline, found.remindedHours[clock], at)
    if (hours === undefined) return
    const entry = { action: 'disclosure_case.remind', resourceId: id, detail: { clock, hours }, at }
    await setCase(await decide(entry), id, toReminded(clock, hours))
    if (deps.mailer.isConfigured)
      await queueMail(tx, sendCaseReminder, { orgId: instanceOrgId, caseId: id, clock, hours })
  })
}

function toReminded(clock: CaseClock, hours: number): CaseChange {
  switch (clock) {
    case 'acknowledge':
      return { acknowledge_reminded_hours: hours }
    case 'fix':
      return { fix_reminded_hours: hours }
  }
}
