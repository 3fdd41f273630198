import type { Severity, StepVerdict } from './security-incident.ts'

export const outcomes = ['fixed', 'no_weakness', 'out_of_scope', 'duplicate'] as const
export type Outcome = (typeof outcomes)[number]

export type DisclosureCase = {
  readonly id: string
  readonly reference: string
  readonly wantsCredit: boolean
  /** Null when nobody has judged it yet. */
  readonly severity: Severity | null
  readonly receivedAtMs: number
  readonly remindedHours: Readonly<Record<CaseClock, number>>
  readonly acknowledgedAtMs: number | null
  readonly fixedAtMs: number | null
  readonly creditedAtMs: number | null
  readonly closedAtMs: number | null
  readonly outcome: Outcome | null
}

export type CaseClock = 'acknowledge' | 'fix'
export type CaseStep = 'acknowledge' | 'judge' | 'fix' | 'credit' | 'close'

type Standing = Pick<
  DisclosureCase,
  'wantsCredit' | 'severity' | 'acknowledgedAtMs' | 'fixedAtMs' | 'creditedAtMs' | 'closedAtMs'
>

/** The deadlines that run for a case: one that nobody has judged may be critical. */
export function listCaseClocks({
  severity,
  acknowledgedAtMs,
  fixedAtMs,
  closedAtMs,
}: Standing): readonly CaseClock[] {
  if (closedAtMs !== null) return []
  const mayBeCritical = severity === null || severity === 'critical'
  return [
    ...(acknowledgedAtMs === null ? (['acknowledge'] as const) : []),
    ...(fixedAtMs === null && mayBeCritical ? (['fix'] as const) : []),
  ]
}

/** Whether the step is allowed in the present state of the case. `outcome`: the result with which it closes. */
export function judgeCaseStep(found: Standing, step: CaseStep, outcome?: Outcome): StepVerdict {
  const isFixed = found.fixedAtMs !== null
  // A credit may be given at any later time.
  if (step === 'credit') return judgeCredit(found, isFixed)
  if (found.closedAtMs !== null) return refuse('The case is closed')
  switch (step) {
    case 'acknowledge':
      return found.acknowledgedAtMs === null
        ? { allowed: true }
        : refuse('The report is acknowledged already')
    case 'judge':
      return { allowed: true }
    case 'fix':
      if (isFixed) return refuse('It is fixed already')
      return found.severity === null ? refuse('Say first how severe it is') : { allowed: true }
    case 'close':
      if (found.acknowledgedAtMs === null) return refuse('Acknowledge the report before you close its case')
      if (outcome === 'fixed' && !isFixed) return refuse('Say first that it is fixed')
      return { allowed: true }
  }
}

function judgeCredit({ wantsCredit, creditedAtMs }: Standing, isFixed: boolean): StepVerdict {
  if (!wantsCredit) return refuse('The reporter does not want to be named')
  if (!isFixed) return refuse('Nobody is named before the fix')
  return creditedAtMs === null ? { allowed: true } : refuse('The reporter was credited already')
}

function refuse(because: string): StepVerdict {
  return { allowed: false, because }
}
