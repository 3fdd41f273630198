import { recordTelemetry, type TelemetryTx } from '@gatehouse/kernel/db'
import type { RelianceReply } from '../contract/views.ts'
import type { OversightDeps } from '../deps.ts'
import { assessOrganization } from '../domain/assessment.ts'
import { type Domain, domains } from '../domain/interaction.ts'
import { toPeople } from '../domain/people.ts'
import { currentModel } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { findAnnouncedAssessment, setAnnouncedAssessment } from '../store/nightly-store.ts'
import { listAllStandings, sumSpanByOperator } from '../store/organisation-store.ts'
import { eachOrg } from './each-org.ts'
import { readCalls } from './get-organization.ts'
import { poolReliance } from './read-groups.ts'
import { closeAlert, raiseAlert } from './raise-alert.ts'
import { dayOf } from './read-interaction.ts'

const activeMs = 30 * 86_400_000
/**
 * Figures about a group are computed only from this number of people on, so that they reveal nothing about an
 * individual.
 */
const { groupMin, reportWindowDays } = oversightPolicy

/** Thresholds for AI calls of the last seven days. */
const calls = { observedMin: 100, opensBelow: 0.8, closesFrom: 0.9 }

type TeamGain = RelianceReply['team_gain']

type Deps = Pick<OversightDeps, 'db' | 'clock'>

/** Evaluates the alerts about an organisation as a whole: team gain, assessment and AI calls without decisions. */
export async function followOrganisations(deps: Deps, signal: AbortSignal): Promise<void> {
  await eachOrg(deps, 'organisation', signal, (principal) =>
    recordTelemetry(deps, principal, (tx) => followOrganisation(tx, deps.clock.now())),
  )
}

async function followOrganisation(tx: TelemetryTx, nowMs: number): Promise<void> {
  const today = dayOf(nowMs)
  const span = { fromDay: today - reportWindowDays + 1, toDay: today }
  const standings = await listAllStandings(tx)
  for (const domain of domains) {
    const here = standings.filter((one) => one.domain === domain)
    if (here.length === 0) continue
    const ids = here.flatMap(({ operatorId, jis }) => (jis === null ? [] : [operatorId]))
    await followTeamGain(tx, domain, await teamGainOf(tx, span, domain, ids), nowMs)
  }
  const people = toPeople(standings)
  const gain = await teamGainOf(
    tx,
    span,
    null,
    people.map(({ operatorId }) => operatorId),
  )
  await followTeamGain(tx, null, gain, nowMs)
  await followCalls(tx, today, nowMs)
  const active = new Set(
    standings
      .filter(({ lastReceivedAtMs }) => lastReceivedAtMs > nowMs - activeMs)
      .map(({ operatorId }) => operatorId),
  )
  const to = assessOrganization(people, active.size, gain?.high ?? null)
  const from = await findAnnouncedAssessment(tx)
  if (from === to) return
  await setAnnouncedAssessment(tx, to, nowMs)
  // The first assessment has no earlier one to differ from.
  if (from === null) return
  await raiseAlert(
    tx,
    {
      kind: 'compliance_changed',
      subject: 'organisation',
      severity: to === 'non_compliant' ? 'high' : 'low',
      operatorId: null,
      domain: null,
      data: { from, to, report_id: null },
    },
    nowMs,
  )
}

/** Null below five people. */
async function teamGainOf(
  tx: TelemetryTx,
  span: { readonly fromDay: number; readonly toDay: number },
  domain: Domain | null,
  operatorIds: readonly string[],
): Promise<TeamGain | null> {
  if (operatorIds.length < groupMin) return null
  const counts = await sumSpanByOperator(tx, span, domain, operatorIds)
  return poolReliance(counts, null).team_gain
}

/** AI calls without a recorded decision are invisible in scores. */
async function followCalls(tx: TelemetryTx, today: number, nowMs: number): Promise<void> {
  const { observed, matched, value } = await readCalls(tx, today - 6, today)
  const [kind, subject] = ['coverage_low', 'calls'] as const
  if (value === null || value >= calls.closesFrom) return closeAlert(tx, kind, subject, nowMs)
  if (observed < calls.observedMin || value >= calls.opensBelow) return
  const data = { value, observed, matched }
  await raiseAlert(tx, { kind, subject, severity: 'medium', operatorId: null, domain: null, data }, nowMs)
}

async function followTeamGain(
  tx: TelemetryTx,
  domain: Domain | null,
  gain: TeamGain | null,
  nowMs: number,
): Promise<void> {
  const kind = 'team_gain_negative'
  const subject = domain ?? 'organisation'
  if (gain === null || gain.value === null || gain.low === null || gain.high === null || gain.high >= 0)
    return closeAlert(tx, kind, subject, nowMs)
  const { value, low, high, n } = gain
  if (n < currentModel.parameters.conditional.team_gain_trials) return
  await raiseAlert(
    tx,
    {
      kind,
      subject,
      severity: 'medium',
      operatorId: null,
      domain,
      data: { domain, value, low, high, n },
    },
    nowMs,
  )
}
