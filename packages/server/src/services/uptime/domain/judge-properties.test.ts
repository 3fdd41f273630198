import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, figures, type History, record, startHistory } from './fixtures/history.ts'
import { judge, type MonitorEvent, wakeAtMs } from './judge.ts'
import type { Outcome } from './monitor.ts'
import { applyEdits, type Interval } from './timeline.ts'
import { sumStates } from './uptime.ts'

const outcomes: readonly Outcome[] = ['up', 'down', 'degraded', 'unknown']

type Happening = { readonly afterMs: number } & (
  | { readonly kind: 'check'; readonly outcome: Outcome; readonly tookMs: number }
  | { readonly kind: 'tick' | 'paused' | 'resumed' | 'target_changed' | 'resolved_by_person' }
  | { readonly kind: 'maintenance'; readonly lastsMs: number | null }
)

// Mostly checks, in runs long enough to confirm something, at spacings on both sides of what a verdict vouches for.
const afterMs = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1_000, max: 70_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4_000_000 }) },
)
const oneCheck = fc.record({
  kind: fc.constant('check' as const),
  afterMs,
  outcome: fc.constantFrom(...outcomes),
  tookMs: fc.integer({ min: 0, max: 10_000 }),
})
const someChecks = fc
  .tuple(oneCheck, fc.integer({ min: 1, max: 6 }))
  .map(([first, count]): readonly Happening[] => Array.from({ length: count }, () => first))
const decision = fc
  .record({
    kind: fc.constantFrom('tick', 'paused', 'resumed', 'target_changed', 'resolved_by_person'),
    afterMs,
  })
  .map((happening): readonly Happening[] => [happening])
const window = fc
  .record({
    kind: fc.constant('maintenance' as const),
    afterMs,
    lastsMs: fc.option(fc.integer({ min: 1, max: 2_000_000 })),
  })
  .map((happening): readonly Happening[] => [happening])
const happenings = fc
  .array(
    fc.oneof(
      { weight: 10, arbitrary: someChecks },
      { weight: 2, arbitrary: decision },
      { weight: 1, arbitrary: window },
    ),
    { maxLength: 40 },
  )
  .map((groups) => groups.flat())

const settings = fc.record({
  intervalSeconds: fc.constantFrom(60, 300),
  downThreshold: fc.integer({ min: 1, max: 5 }),
  upThreshold: fc.integer({ min: 1, max: 3 }),
  notifyDegraded: fc.boolean(),
})

function toEvents(list: readonly Happening[]): readonly MonitorEvent[] {
  let nowMs = 0
  return list.map((happening): MonitorEvent => {
    nowMs += happening.afterMs
    switch (happening.kind) {
      case 'check': {
        const event = check(happening.outcome, nowMs, happening.tookMs)
        nowMs += happening.tookMs
        return event
      }
      case 'maintenance': {
        const untilMs = happening.lastsMs === null ? null : nowMs + happening.lastsMs
        return { kind: 'maintenance', atMs: nowMs, window: { untilMs } }
      }
      case 'tick':
      case 'paused':
      case 'resumed':
      case 'target_changed':
      case 'resolved_by_person':
        return { kind: happening.kind, atMs: nowMs }
    }
  })
}

/** What somebody who read every message that went out takes the monitor for. */
function belief({ notices }: History): string {
  return notices.reduce((believed, notice) => {
    if ('suppressed' in notice && notice.suppressed) return believed
    switch (notice.event) {
      case 'incident.created':
      case 'incident.resolved':
      case 'monitor.flapping':
      case 'monitor.settled':
        return notice.state
      case 'monitor.degraded':
        return 'degraded'
      case 'monitor.improved':
        return 'up'
      case 'monitor.never_up':
        return believed
    }
  }, 'unknown')
}

describe('whatever happens', () => {
  it("after any sequence of verdicts each receiver's last message agrees with the monitor once no window is open", () => {
    fc.assert(
      fc.property(settings, happenings, (changed, list) => {
        let history = startHistory(changed)
        for (const event of toEvents(list)) {
          history = record(history, event)
          const { state } = history
          if (state.flapping.window !== null) continue
          const believed = belief(history)
          expect(believed === 'down').toBe(state.incidentOpen)
          // Without `notifyDegraded`, up and degraded are one to the receivers; in maintenance, what changes is told at its end.
          if (!changed.notifyDegraded || state.maintenance !== null || state.incidentOpen) continue
          if (state.status === 'up') expect(believed).not.toBe('degraded')
          if (state.status === 'degraded') expect(believed).toBe('degraded')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('the timeline is contiguous and never overlaps, with one open end', () => {
    fc.assert(
      fc.property(settings, happenings, (changed, list) => {
        const { intervals } = toEvents(list).reduce(record, startHistory(changed))
        intervals.forEach(({ fromMs, toMs, blipMs, state }, index) => {
          expect(toMs).toBe(intervals[index + 1]?.fromMs ?? null)
          if (toMs !== null) expect(toMs).toBeGreaterThan(fromMs)
          if (blipMs > 0) expect([state, blipMs]).toEqual(['up', (toMs ?? 0) - fromMs])
        })
        expect(intervals[0]?.fromMs).toBe(0)
      }),
      { numRuns: 1_000 },
    )
  })

  it('an incident covers exactly the downtime that names it, and no downtime is without one', () => {
    fc.assert(
      fc.property(settings, happenings, (changed, list) => {
        const { intervals, incidents } = toEvents(list).reduce(record, startHistory(changed))
        for (const { fromMs, toMs, state, incidentId } of intervals) {
          if (state !== 'down') continue
          const incident = incidents.find(({ id }) => id === incidentId)
          expect(incident).toBeDefined()
          expect(fromMs).toBeGreaterThanOrEqual(incident?.startedAtMs ?? Infinity)
          const endMs = incident?.resolvedAtMs ?? Infinity
          expect(toMs ?? endMs).toBeLessThanOrEqual(endMs)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('a tick at each moment that was asked for, or none at all, gives the same history', () => {
    fc.assert(
      fc.property(settings, happenings, (changed, list) => {
        const events = toEvents(list)
        const lazy = events.reduce(record, startHistory(changed))
        const punctual = events.reduce((history, event) => {
          const untilMs = event.kind === 'verdict' ? event.verdict.startedAtMs : event.atMs
          let woken = history
          for (;;) {
            const wakeMs = wakeAtMs(woken.state, woken.rules, figures)
            if (wakeMs === null || wakeMs >= untilMs) return record(woken, event)
            woken = record(woken, { kind: 'tick', atMs: wakeMs })
          }
        }, startHistory(changed))
        expect({ ...punctual, next: null }).toEqual({ ...lazy, next: null })
      }),
      { numRuns: 1_000 },
    )
  })

  it('the state is plain data: stored and read again, it goes on as if nothing had happened', () => {
    fc.assert(
      fc.property(settings, happenings, (changed, list) => {
        let state = startHistory(changed).state
        const { rules } = startHistory(changed)
        for (const event of toEvents(list)) {
          // Safe: JSON gives back what the state is made of.
          const stored = JSON.parse(JSON.stringify(state)) as typeof state
          const judgement = judge(state, event, rules, figures)
          expect(judge(stored, event, rules, figures)).toEqual(judgement)
          state = judgement.state
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('uptime', () => {
  it('from intervals equals the analytic truth to the millisecond for any check spacing', () => {
    const timetable = fc.record({
      gapsMs: fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 100 }),
      turns: fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 12 }),
      unknown: fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 12 }),
      downThreshold: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(timetable, ({ gapsMs, turns, unknown, downThreshold }) => {
        let atMs = 0
        const looks = [0, ...gapsMs].map((gapMs, index): Look => {
          atMs += gapMs
          // Each turn changes the target from up to down or back; the first look is good.
          const isDown = turns.filter((turn) => turn < index).length % 2 === 1
          return { atMs, outcome: index > 0 && unknown.includes(index) ? 'unknown' : isDown ? 'down' : 'up' }
        })
        fc.pre(listDecisiveGaps(looks).every((gapMs) => gapMs < 600_000))
        const { intervals } = looks
          .map((look) => check(look.outcome, look.atMs))
          .reduce(record, startHistory({ downThreshold }))
        expect(sumStates(intervals, 0, atMs)).toEqual(analyticTotals(looks, downThreshold))
      }),
      { numRuns: 1_000 },
    )
  })
})

type Look = { readonly atMs: number; readonly outcome: 'up' | 'down' | 'unknown' }

function listDecisiveGaps(looks: readonly Look[]): readonly number[] {
  const decisive = looks.filter(({ outcome }) => outcome !== 'unknown')
  return decisive.slice(1).map(({ atMs }, index) => atMs - (decisive[index]?.atMs ?? 0))
}

/**
 * The specification's definition, from the looks alone: a look vouches up to the next one, but at most for twice the
 * spacing and a time-out (30 s between re-checks, else 130 s); a run of failures is down from its first if it reaches
 * the threshold, and a blip if a good look ended it before.
 */
function analyticTotals(looks: readonly Look[], downThreshold: number) {
  const totals = { upMs: 0, degradedMs: 0, downMs: 0, maintenanceMs: 0, pausedMs: 0, unknownMs: 0, blipMs: 0 }
  looks.slice(0, -1).forEach(({ atMs, outcome }, index) => {
    const untilMs = looks[index + 1]?.atMs ?? atMs
    if (outcome === 'unknown') {
      totals.unknownMs += untilMs - atMs
      return
    }
    const before = looks.slice(0, index + 1).filter((look) => look.outcome !== 'unknown')
    const after = looks.slice(index + 1).filter((look) => look.outcome !== 'unknown')
    const failuresSoFar = before.toReversed().findIndex((look) => look.outcome === 'up')
    const failuresToCome = after.findIndex((look) => look.outcome === 'up')
    const isConfirming = outcome === 'down' && failuresSoFar < downThreshold
    const vouchedMs = Math.min(untilMs - atMs, isConfirming ? 30_000 : 130_000)
    totals.unknownMs += untilMs - atMs - vouchedMs
    if (outcome === 'up') totals.upMs += vouchedMs
    else if (failuresSoFar + (failuresToCome === -1 ? after.length : failuresToCome) >= downThreshold)
      totals.downMs += vouchedMs
    else {
      totals.upMs += vouchedMs
      // Failures that nothing has ended yet are not known to be a blip.
      if (failuresToCome !== -1) totals.blipMs += vouchedMs
    }
  })
  return totals
}

describe('edits', () => {
  it('in any order keep the timeline contiguous', () => {
    const edit = fc.record({
      fromMs: fc.integer({ min: 0, max: 100 }),
      state: fc.constantFrom('up' as const, 'down' as const, 'unknown' as const),
      incidentId: fc.constant(null),
    })
    fc.assert(
      fc.property(fc.array(edit), (edits) => {
        const start: readonly Interval[] = [
          { fromMs: 0, toMs: null, state: 'unknown', blipMs: 0, incidentId: null },
        ]
        const intervals = applyEdits(start, edits)
        intervals.forEach(({ toMs }, index) => expect(toMs).toBe(intervals[index + 1]?.fromMs ?? null))
        expect(intervals[0]?.fromMs).toBe(0)
      }),
    )
  })
})
