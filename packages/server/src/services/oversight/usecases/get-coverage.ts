import { asWriter, type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { isScopeGranted, type Principal } from '@gatehouse/kernel/principal'
import { toTime } from '../../../service/shapes.ts'
import type { OversightDeps } from '../deps.ts'
import { cohenKappa, countRatings, krippendorffAlpha, type RatedCase } from '../domain/agreement.ts'
import { addSeen, toCoverage } from '../domain/coverage.ts'
import type { Domain } from '../domain/interaction.ts'
import { toRatedCases } from '../domain/rated-cases.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listRatings } from '../store/case-store.ts'
import {
  countUnobserved,
  type CoverageGroup,
  foldObservedCalls,
  listSeen,
  listUnmatched,
} from '../store/observed-store.ts'
import { findBusiestDomain } from '../store/view-store.ts'
import { readStanding } from './get-profile.ts'
import { noteLook } from './note-look.ts'
import { dayOf } from './read-interaction.ts'
import { replyStart } from './reply-start.ts'

const dayMs = 86_400_000
const { trialsMin, unmatchedMax, matchedWithinHours } = oversightPolicy.coverage

export type Days = { readonly from?: string | undefined; readonly to?: string | undefined }

/** The share of AI calls that a decision followed, over whole UTC days. */
export async function getCoverage(
  deps: OversightDeps,
  principal: Principal,
  { from, to, group }: Days & { readonly group?: CoverageGroup | undefined },
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const { fromDay, toDay } = readDays({ from, to }, nowMs)
  const [fromMs, toMs] = [fromDay * dayMs, (toDay + 1) * dayMs]
  return within(deps, principal, async (tx) => {
    const seen = await listSeen(tx, fromMs, toMs, group ?? null)
    const whole = seen.reduce(addSeen, { observed: 0, matched: 0 })
    return {
      ...replyStart(deps, context),
      from: toTime(fromMs).slice(0, 10),
      to: toTime(toMs - 1).slice(0, 10),
      ...toCoverage(whole, trialsMin),
      scored_unobserved: await countUnobserved(tx, fromMs, toMs),
      unmatched_ids: [...(await listUnmatched(tx, fromMs, toMs, unmatchedMax))],
      groups:
        group === undefined ? [] : seen.map((one) => ({ group: one.group, ...toCoverage(one, trialsMin) })),
      final_until: toTime(nowMs - matchedWithinHours * 3_600_000),
    }
  })
}

/** Adds calls that no decision can match any more to their daily counts. */
export async function foldCoverage(
  deps: Pick<OversightDeps, 'db' | 'clock'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  const batchMax = 5_000
  const throughMs = deps.clock.now() - matchedWithinHours * 3_600_000
  let folded = 0
  while (!signal.aborted) {
    const count = await asWriter(deps, (tx) => foldObservedCalls(tx, throughMs, batchMax))
    folded += count
    if (count < batchMax) break
  }
  return folded
}

/** Limits the number of cases, because the bootstrap resamples all of them 2,000 times. */
const casesMax = 2_000

/** The newest cases of a window with at least two raters. */
export async function readCases(
  tx: TenantTx,
  domain: Domain,
  fromDay: number,
  toDay: number,
): Promise<readonly RatedCase[]> {
  const ratings = await listRatings(tx, domain, fromDay, toDay, casesMax)
  return toRatedCases(
    ratings.map(({ inputs, state, ...rating }) => ({
      ...rating,
      interaction: inputs,
      isClosed: state === 'committed',
    })),
  )
}

export type AgreementQuery = Days & {
  readonly domain?: Domain | undefined
  readonly rater_a?: string | undefined
  readonly rater_b?: string | undefined
}

export async function getAgreement(
  deps: OversightDeps,
  principal: Principal,
  { domain: asked, rater_a: raterA, rater_b: raterB, ...days }: AgreementQuery,
  context: RequestContext,
) {
  const pair = toPair(principal, raterA, raterB)
  const { fromDay, toDay } = readDays(days, deps.clock.now())
  const reply = await within(deps, principal, async (tx) => {
    const domain = asked ?? (await findBusiestDomain(tx)) ?? 'general'
    for (const operatorId of pair ?? []) await assertMinimum(deps, tx, operatorId, domain)
    const cases = await readCases(tx, domain, fromDay, toDay)
    return {
      ...replyStart(deps, context),
      domain,
      from: toTime(fromDay * dayMs).slice(0, 10),
      to: toTime(toDay * dayMs).slice(0, 10),
      ...countRatings(cases),
      alpha: krippendorffAlpha(cases),
      kappa:
        pair === null ? null : { ...cohenKappa(cases, pair[0], pair[1]), rater_a: pair[0], rater_b: pair[1] },
      reading: 'Agreement is not correctness: two people who both follow a wrong AI agree.',
    }
  })
  // Agreement of two named operators reveals figures about each, so a view is recorded for both.
  for (const operatorId of pair ?? []) await noteLook(deps, principal, operatorId)
  return reply
}

function toPair(
  principal: Principal,
  raterA: string | undefined,
  raterB: string | undefined,
): readonly [string, string] | null {
  if (raterA === undefined && raterB === undefined) return null
  if (raterA === undefined || raterB === undefined || raterA === raterB) {
    const field = raterA === undefined ? 'rater_a' : 'rater_b'
    const message = 'must be given with the other, and name somebody else'
    throw problems.VALIDATION_FAILED({ fields: [{ field, message }] })
  }
  const mayRead =
    principal.kind === 'key'
      ? isScopeGranted(principal.scopes, 'operators:read')
      : principal.kind === 'member' && principal.role !== 'viewer'
  if (!mayRead) throw problems.FORBIDDEN_SCOPE({ detail: 'Two named people need the scope operators:read' })
  return [raterA, raterB]
}

/** Operators below the minimum of data are not identified, here as elsewhere. */
async function assertMinimum(
  deps: OversightDeps,
  tx: TenantTx,
  operatorId: string,
  domain: Domain,
): Promise<void> {
  const { standing } = await readStanding(deps, tx, operatorId, domain)
  if (!standing.score.minimumDataMet)
    throw problems.INSUFFICIENT_DATA({ detail: 'There are not enough decisions of one of the two yet' })
}

/** Whole UTC days, inclusive; default: the last 90. */
function readDays({ from, to }: Days, nowMs: number): { readonly fromDay: number; readonly toDay: number } {
  const today = dayOf(nowMs)
  const toDay = to === undefined ? today : dayOf(Date.parse(to))
  const fromDay = from === undefined ? toDay - oversightPolicy.reportWindowDays + 1 : dayOf(Date.parse(from))
  if (fromDay > toDay)
    throw problems.VALIDATION_FAILED({ fields: [{ field: 'from', message: 'must not be after to' }] })
  return { fromDay, toDay }
}
