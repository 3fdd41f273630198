import { within } from '@gatehouse/kernel/db'
import type { Claim } from '../define-claim.ts'
import type { PostureDeps } from '../deps.ts'
import type { Deviation } from '../deviation.ts'
import type { Evidence } from '../domain/evidence.ts'
import { type Circumstances, judgeStanding } from '../domain/judge-standing.ts'
import type { Figures } from '../finding.ts'
import { policy } from '../policy.ts'
import type { Sentence } from '../sentence.ts'
import {
  countByDay,
  type DayOfPosture,
  findPolicyDate,
  listEvidence,
  listEvidenceOfRun,
} from '../store/evidence-store.ts'
import { findRun, type PostureRun } from '../store/run-store.ts'
import { toCircumstances, toLast, toUntil } from './circumstances.ts'
import { asInstance } from './in-instance.ts'

/** `stated`: no probe can decide it; `overdue`: its review is due. */
export type Shown = 'holds' | 'fails' | 'unknown' | 'stated' | 'overdue'

export type ClaimView = {
  readonly claim: Claim
  readonly sentence: Sentence
  readonly shown: Shown
  readonly because: string | null
  readonly figures: Figures
  /** The time of the newest result, whatever it is worth now. */
  readonly endedMs: number | null
  /** Evidence, newest first. */
  readonly evidence: readonly Evidence[]
}

export type Summary = Readonly<Record<Shown | 'verified', number>>

export type PostureView = {
  readonly nowMs: number
  readonly circumstances: Circumstances
  /** Since when the sentences and their figures are in force; null when nothing was probed since. */
  readonly policyDateMs: number | null
  readonly summary: Summary
  readonly claims: readonly ClaimView[]
  readonly deviations: readonly Deviation[]
}

type ReadingDeps = Pick<PostureDeps, 'build' | 'claims' | 'clock' | 'db' | 'deviations' | 'policy'>

/** The present standing of all claims, in their order, with the newest results of each, or of one claim alone. */
export async function readPosture(
  deps: ReadingDeps,
  resultsMax: number,
  only?: string,
): Promise<PostureView> {
  const circumstances = await toCircumstances(deps)
  const shown = deps.claims.filter(({ id }) => only === undefined || id === only)
  const ids = shown.map(({ id }) => id)
  const { newest, policyDateMs } = await within(deps, asInstance, async (tx) => ({
    newest: await listEvidence(tx, ids, resultsMax, toUntil(circumstances.nowMs)),
    policyDateMs: await findPolicyDate(tx, circumstances.policy),
  }))
  const running = deps.policy()
  const claims = shown.map((claim) => ({
    claim,
    sentence: claim.sentence(running),
    ...toShown(claim, newest.get(claim.id) ?? [], circumstances),
  }))
  return {
    nowMs: circumstances.nowMs,
    circumstances,
    policyDateMs,
    summary: summarise(claims),
    claims,
    deviations: deps.deviations,
  }
}

function toShown(
  claim: Claim,
  evidence: readonly Evidence[],
  circumstances: Circumstances,
): Omit<ClaimView, 'claim' | 'sentence'> {
  if (claim.kind === 'stated') {
    const isOverdue = Date.parse(claim.reviewBy) + 86_400_000 <= circumstances.nowMs
    return {
      shown: isOverdue ? 'overdue' : 'stated',
      because: isOverdue ? `Its review was due on ${claim.reviewBy}` : null,
      figures: {},
      endedMs: null,
      evidence: [],
    }
  }
  const last = toLast(evidence[0])
  const { verdict, because, figures } = judgeStanding(last, claim.everyMinutes, circumstances)
  return { shown: verdict, because, figures, endedMs: last?.endedMs ?? null, evidence }
}

function summarise(claims: readonly ClaimView[]): Summary {
  const count = (of: Shown): number => claims.filter(({ shown }) => shown === of).length
  return {
    verified: claims.filter(({ claim }) => claim.kind === 'verified').length,
    holds: count('holds'),
    fails: count('fails'),
    unknown: count('unknown'),
    stated: count('stated'),
    overdue: count('overdue'),
  }
}

export async function readTrend(
  deps: Pick<PostureDeps, 'clock' | 'db'>,
  days: number,
): Promise<readonly DayOfPosture[]> {
  const fromMs = deps.clock.now() - days * 86_400_000
  return within(deps, asInstance, (tx) => countByDay(tx, fromMs))
}

export async function readRun(
  deps: Pick<PostureDeps, 'db'>,
  id: string,
): Promise<{ readonly run: PostureRun; readonly results: readonly Evidence[] } | undefined> {
  return within(deps, asInstance, async (tx) => {
    const run = await findRun(tx, id)
    return run && { run, results: await listEvidenceOfRun(tx, id) }
  })
}

/**
 * Caches the view for the public page, which many request: it is read again every few seconds, and after each result of
 * this node.
 */
export function createReader(deps: ReadingDeps): {
  readonly read: () => Promise<PostureView>
  readonly forget: () => void
} {
  let kept: { readonly atMs: number; readonly view: Promise<PostureView> } | undefined
  return {
    read: () => {
      const nowMs = deps.clock.monotonic()
      if (kept === undefined || nowMs - kept.atMs >= policy.shownMs) {
        const view = readPosture(deps, policy.stripResults)
        kept = { atMs: nowMs, view }
        view.catch(() => {
          kept = undefined
        })
      }
      return kept.view
    },
    forget: () => {
      kept = undefined
    },
  }
}
