import { createHash } from 'node:crypto'
import type { NextCheck } from '../domain/effects.ts'
import { type JudgeFigures, spacingMs } from '../domain/judge.ts'
import type { MonitorState, Rules } from '../domain/monitor.ts'
import { nextSlotMs, phaseMs } from '../domain/schedule.ts'

export type PlannedCheck = { readonly dueAtMs: number; readonly origin: 'scheduled' | 'confirm' | 'recover' }

/** The time of the next check: a re-check off the grid, or the monitor's next slot on it. */
export function planNext(
  monitorId: string,
  next: NextCheck,
  state: MonitorState,
  rules: Rules,
  figures: JudgeFigures,
  nowMs: number,
): PlannedCheck {
  // Limits the time, because a result stamped before the clock stepped back lies in the future and would delay the
  // re-check.
  const latestMs = nowMs + Math.max(rules.confirmSpacingMs, figures.recheckPauseMs)
  switch (next.kind) {
    case 'confirm':
    case 'recover':
      return { dueAtMs: Math.max(Math.min(next.notBeforeMs, latestMs), nowMs), origin: next.kind }
    case 'now':
      return { dueAtMs: nowMs, origin: 'scheduled' }
    case 'grid': {
      const spacing = spacingMs(state, rules, figures, nowMs)
      if (spacing < rules.intervalMs) return { dueAtMs: nowMs + spacing, origin: 'scheduled' }
      return {
        dueAtMs: nextSlotMs(nowMs, phaseOf(monitorId, rules.intervalMs), rules.intervalMs),
        origin: 'scheduled',
      }
    }
  }
}

export function phaseOf(monitorId: string, intervalMs: number): number {
  return phaseMs(createHash('sha256').update(monitorId).digest(), intervalMs)
}
