import { toTime, toTimeOrNull } from '../../service/shapes.ts'
import { version } from '../../service/version.ts'
import type { PostureDeps } from '../deps.ts'
import type { Deviation } from '../deviation.ts'
import type { Evidence } from '../domain/evidence.ts'
import { tellFigures } from '../pages/tell-figures.ts'
import { tellReason } from '../pages/tell-reason.ts'
import { signRecord } from '../sign.ts'
import type { DayOfPosture } from '../store/evidence-store.ts'
import type { PostureRun } from '../store/run-store.ts'
import type { ClaimView, PostureView } from '../usecases/read-posture.ts'

type Signing = Pick<PostureDeps, 'publicUrl' | 'signingKey'>

/** The latest result of every claim, signed as a whole, so that none can be left out. */
export function toPostureSet({ publicUrl, signingKey }: Signing, view: PostureView) {
  const { build, policy } = view.circumstances
  return signRecord(
    {
      v: 1 as const,
      origin: publicUrl(),
      generated: toTime(view.nowMs),
      version,
      build,
      policy,
      policy_since: toTimeOrNull(view.policyDateMs),
      summary: { ...view.summary },
      claims: view.claims.map(toSetClaim),
      deviations: view.deviations.map(toDeviation),
    },
    signingKey,
  )
}

function toSetClaim({ claim, sentence, shown, because, evidence }: ClaimView) {
  return {
    id: claim.id,
    kind: claim.kind,
    control: claim.control,
    sentence: { ...sentence },
    owner: claim.owner,
    owasp: [...(claim.owasp ?? [])],
    asvs: [...(claim.asvs ?? [])],
    verdict: shown,
    because,
    every_minutes: claim.kind === 'verified' ? claim.everyMinutes : null,
    document: claim.kind === 'stated' ? claim.document : null,
    review_by: claim.kind === 'stated' ? claim.reviewBy : null,
    evidence: evidence[0] ?? null,
  }
}

export function toHistory(
  { publicUrl, signingKey }: Signing,
  { claim, sentence, shown, evidence }: ClaimView,
  nowMs: number,
) {
  return signRecord(
    {
      v: 1 as const,
      origin: publicUrl(),
      generated: toTime(nowMs),
      claim: claim.id,
      sentence: { ...sentence },
      verdict: shown,
      history: [...evidence],
    },
    signingKey,
  )
}

export function toDashboard(view: PostureView, trend: readonly DayOfPosture[]) {
  return {
    summary: { ...view.summary },
    policySince: toTimeOrNull(view.policyDateMs),
    claims: view.claims.map(({ claim, sentence, shown, because, figures, endedMs, evidence }) => ({
      id: claim.id,
      kind: claim.kind,
      control: claim.control,
      sentence: { ...sentence },
      verdict: shown,
      because,
      becauseJa: toJapanese(because),
      figures: { ...figures },
      seen: { en: [...tellFigures(figures, 'en')], ja: [...tellFigures(figures, 'ja')] },
      probedAt: toTimeOrNull(endedMs),
      everyMinutes: claim.kind === 'verified' ? claim.everyMinutes : null,
      reviewBy: claim.kind === 'stated' ? claim.reviewBy : null,
      recent: evidence.map(({ verdict }) => verdict).toReversed(),
    })),
    trend: trend.map((day) => ({ ...day })),
    deviations: view.deviations.map(toDeviation),
  }
}

export function toWireRun(run: PostureRun, results: readonly Evidence[]) {
  return {
    id: run.id,
    state: run.state,
    done: run.done,
    total: run.total,
    probing: run.probing,
    askedAt: toTime(run.askedAtMs),
    endedAt: toTimeOrNull(run.endedAtMs),
    results: [...results],
  }
}

function toJapanese(because: string | null): string | null {
  if (because === null) return null
  const { text, language } = tellReason(because, 'ja')
  return language === 'ja' ? text : null
}

function toDeviation({ setting, control, sentence, declared }: Deviation) {
  return {
    setting,
    control,
    sentence: { ...sentence },
    reason: declared?.reason ?? null,
    owner: declared?.owner ?? null,
    retire_by: declared?.retireBy ?? null,
  }
}
