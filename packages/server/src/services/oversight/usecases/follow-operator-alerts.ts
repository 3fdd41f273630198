import type { TelemetryTx } from '@gatehouse/kernel/db'
import { type AlertKind, type AlertVerdict, judgeOperatorAlerts } from '../domain/alerts.ts'
import { daysUntilBelow } from '../domain/decay.ts'
import type { Domain } from '../domain/interaction.ts'
import type { Parameters } from '../domain/parameters.ts'
import { roundTo } from '../domain/rounding.ts'
import type { RoleClass } from '../domain/settings.ts'
import type { Figures, Standing } from '../domain/standing.ts'
import { type AlertRequest, closeAlert, raiseAlert, subjectOf } from './raise-alert.ts'

export type NewStanding = {
  readonly operatorId: string
  readonly domain: Domain
  /** The last published score; null if there was none. */
  readonly before: number | null
  readonly standing: Standing
  readonly roleClass: RoleClass
  readonly parameters: Parameters
  readonly openKinds: readonly AlertKind[]
  /** False for imports of past decisions, which open no alerts. */
  readonly mayOpen: boolean
  readonly nowMs: number
}

/** Opens and closes the alerts of one operator in one domain, in the transaction that changed the score. */
export async function followOperatorAlerts(tx: TelemetryTx, changed: NewStanding): Promise<void> {
  const { operatorId, domain, before, standing, roleClass, parameters, openKinds, mayOpen, nowMs } = changed
  const subject = subjectOf(operatorId, domain)
  for (const verdict of judgeOperatorAlerts(before, standing, roleClass, parameters)) {
    const isOpen = openKinds.includes(verdict.kind)
    if (verdict.turn === 'close' && isOpen) await closeAlert(tx, verdict.kind, subject, nowMs)
    const { published } = standing
    if (verdict.turn !== 'open' || isOpen || !mayOpen || published === null) continue
    await raiseAlert(tx, toRequest(changed, verdict, published, subject), nowMs)
  }
}

function toRequest(
  { operatorId, domain, standing, parameters }: NewStanding,
  { kind, severity }: AlertVerdict & { readonly turn: 'open' },
  { jis, interval, lambda }: Figures,
  subject: string,
): AlertRequest {
  const about = { subject, severity, operatorId, domain }
  if (kind === 'rubber_stamping') {
    const { value, n } = standing.stampShare
    return { ...about, kind, data: { domain, share: roundTo(value, 4), n: roundTo(n, 1) } }
  }
  const { threshold, decay } = parameters
  return {
    ...about,
    kind,
    data: {
      domain,
      jis,
      jis_interval: toPair(interval, jis),
      threshold,
      days_to_threshold: daysUntilBelow(jis, lambda, threshold, decay.floor),
    },
  }
}

/** Published numbers have an interval. */
export function toPair(interval: Figures['interval'], jis: number): [number, number] {
  return interval === null ? [jis, jis] : [...interval]
}
