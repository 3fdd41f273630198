import { describe, expect, it } from 'vitest'
import { isFirstCheckAwaited, toShownStatus } from './monitor-state.ts'

const madeMs = Date.UTC(2026, 0, 31)
const free = { maintenanceUntil: null, autoResolveMaintenance: 1, lastErrorMessage: null } as const
const fresh = {
  type: 'http',
  isActive: 1,
  lastCheckedAt: null,
  createdAt: new Date(madeMs).toISOString(),
} as const

describe('the first check is awaited', () => {
  it.each([
    ['of a monitor that was just made', fresh, 0, true],
    ['for half a minute', fresh, 29_999, true],
    ['and no longer', fresh, 30_000, false],
    ['not once it came', { ...fresh, lastCheckedAt: fresh.createdAt }, 0, false],
    ['not while paused', { ...fresh, isActive: 0 } as const, 0, false],
    ['not of a job, which comes by itself', { ...fresh, type: 'heartbeat' } as const, 0, false],
    ['not of what is not known yet', undefined, 0, false],
  ])('%s', (_when, monitor, afterMs, awaited) => {
    expect(isFirstCheckAwaited(monitor, madeMs + afterMs)).toBe(awaited)
  })
})

it('a monitor whose failure is being confirmed is shown as neither up nor down', () => {
  expect(toShownStatus({ status: 'up', phase: 'confirming', ...free })).toBe('confirming')
  expect(toShownStatus({ status: 'up', phase: 'steady', ...free })).toBe('up')
  expect(toShownStatus({ status: 'down', phase: 'recovering', ...free })).toBe('down')
})

it('a monitor under maintenance is shown as that, with or without an end, unless it is paused', () => {
  const down = { status: 'down', phase: 'confirming' } as const
  const paused = { status: 'paused', phase: 'steady' } as const
  for (const window of [
    { ...free, maintenanceUntil: '2026-01-31T12:00:00.000Z' },
    { ...free, autoResolveMaintenance: 0 },
  ] as const) {
    expect(toShownStatus({ ...down, ...window })).toBe('maintenance')
    expect(toShownStatus({ ...paused, ...window })).toBe('paused')
  }
})

it('a-monitor-that-was-never-up-says-so: red checks beside it, it is not pending', () => {
  const made = { status: 'unknown', phase: 'grace', ...free } as const
  expect(toShownStatus(made)).toBe('unknown')
  expect(toShownStatus({ ...made, lastErrorMessage: 'Expected status 200, got 500.' })).toBe('neverUp')
})
