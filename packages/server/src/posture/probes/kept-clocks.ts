import { within } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'
import { listPublishedReports, readOpenCases, readOpenIncidents } from '../store/clocks.ts'

const instance: SystemPrincipal = { kind: 'system', orgId: instanceOrgId, because: 'probes' }

/**
 * Checks that no open incident is past its deadline without being contained and without the affected orgs having been
 * notified.
 */
export async function tellTheAffectedInTime({ db, clock, policy }: Inside): Promise<Finding> {
  const { hours } = policy.platform.incidents.tell
  const facts = await within({ db }, instance, (tx) => readOpenIncidents(tx, clock.now(), hours))
  const figures = { ...facts, hours }
  if (facts.uncontained > 0) return fails(`An incident is not contained after ${hours} hours`, figures)
  return facts.untold > 0
    ? fails(`Somebody whom an incident touches was not told within ${hours} hours`, figures)
    : holds(figures)
}

const reportsLookedAt = 20

/** Checks that each of the newest published reports can be read by anybody, from the page that lists them. */
export async function publishReports({ db, target }: Inside): Promise<Finding> {
  const ids = await within({ db }, instance, (tx) => listPublishedReports(tx, reportsLookedAt))
  const list = await target.send('/security/incidents')
  const figures = { reports: ids.length, status: list.status }
  if (list.status !== 200) return fails(`/security/incidents answered ${list.status}`, figures)
  for (const id of ids) {
    if (!list.text.includes(id)) return fails('A published report is missing from the list', figures)
    const { status } = await target.send(`/security/incidents/${id}`)
    if (status !== 200) return fails(`A published report answered ${status}`, figures)
  }
  return holds(figures)
}

async function readCases({ db, clock, policy }: Inside) {
  const { acknowledge, fix } = policy.platform.disclosure.clocks
  const clocks = { acknowledgeHours: acknowledge.hours, fixHours: fix.hours }
  const facts = await within({ db }, instance, (tx) => readOpenCases(tx, clock.now(), clocks))
  return { ...facts, ...clocks }
}

export async function acknowledgeInTime(inside: Inside): Promise<Finding> {
  const facts = await readCases(inside)
  return facts.unacknowledged > 0
    ? fails(`A report has waited for longer than ${facts.acknowledgeHours} hours`, facts)
    : holds(facts)
}

export async function fixInTime(inside: Inside): Promise<Finding> {
  const facts = await readCases(inside)
  return facts.unfixed > 0
    ? fails(`A weakness that may be critical has stood for longer than ${facts.fixHours} hours`, facts)
    : holds(facts)
}
