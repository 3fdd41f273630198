import { asWriter } from '@gatehouse/kernel/db'
import type { ReplyOf } from '@gatehouse/kernel/endpoint'
import type { getPublicIncidents, getPublicStats } from '../contract/account.ts'
import type { VolatilityDeps } from '../deps.ts'
import { readOutages } from '../domain/outages.ts'
import { volatilityPolicy } from '../policy.ts'
import {
  countAllCalls,
  countTransitions,
  findFirstCall,
  listSeenMinutes,
} from '../store/availability-store.ts'

const [minuteMs, dayMs] = [60_000, 86_400_000]
const { windowDays, cachedMs } = volatilityPolicy.publicFigures

export type PublicFigures = {
  readonly stats: ReplyOf<typeof getPublicStats>
  readonly incidents: ReplyOf<typeof getPublicIncidents>
}

/** Public figures of this instance; computed once in five minutes and shared by all callers. */
export function createPublicFigures(
  deps: Pick<VolatilityDeps, 'clock' | 'db'>,
): () => Promise<PublicFigures> {
  let made: { readonly atMs: number; readonly figures: Promise<PublicFigures> } | undefined
  return () => {
    const nowMs = deps.clock.now()
    if (made === undefined || nowMs - made.atMs >= cachedMs) {
      const figures = computeFigures(deps, nowMs)
      made = { atMs: nowMs, figures }
      figures.catch(() => {
        made = undefined
      })
    }
    return made.figures
  }
}

async function computeFigures(deps: Pick<VolatilityDeps, 'db'>, nowMs: number): Promise<PublicFigures> {
  const untilMs = Math.floor(nowMs / minuteMs) * minuteMs
  const { firstMs, seen, calls, transitions } = await asWriter(deps, async (tx) => {
    const first = await findFirstCall(tx, untilMs - windowDays * dayMs)
    const from = first === undefined ? untilMs : Math.ceil(first / minuteMs) * minuteMs
    return {
      firstMs: from,
      seen: await listSeenMinutes(tx, from, untilMs),
      calls: await countAllCalls(tx, nowMs - dayMs, nowMs),
      transitions: await countTransitions(tx),
    }
  })
  const { incidents, observedPercent, windowMinutes } = readOutages(firstMs, seen)
  return {
    stats: {
      regime_events: transitions,
      uptime_observed_pct: observedPercent,
      uptime_window_days: windowMinutes / 1_440,
      api_calls_24h: calls,
      as_of_ms: nowMs,
    },
    incidents: {
      count: incidents.length,
      window_days: windowDays,
      incidents: incidents.map(({ startedMs, endedMs, minutes }) => ({
        started_ms: startedMs,
        ended_ms: endedMs,
        minutes,
      })),
    },
  }
}
