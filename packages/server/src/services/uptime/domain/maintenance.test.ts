import { describe, expect, it } from 'vitest'
import { findCoverage, judgeMaintenanceEnd, type MaintenanceWindow } from './maintenance.ts'

const monitor = { monitorId: 'm1', serviceId: 's1' }

function open(changed: Partial<MaintenanceWindow> = {}): MaintenanceWindow {
  return {
    id: 'w1',
    scope: 'monitors',
    monitorIds: ['m1'],
    excludedMonitorIds: [],
    serviceId: null,
    startsAtMs: 100,
    endsAtMs: 200,
    autoResolve: true,
    endedAtMs: null,
    ...changed,
  }
}

describe('maintenance', () => {
  it.each<[promise: string, MaintenanceWindow, nowMs: number, isCovered: boolean]>([
    ['covers from its start', open(), 100, true],
    ['not before', open(), 99, false],
    ['up to its end', open(), 199, true],
    ['and not at it', open(), 200, false],
    ['until further notice, past its announced end', open({ autoResolve: false }), 9_999, true],
    ['not once ended by hand', open({ autoResolve: false, endedAtMs: 150 }), 150, false],
    ['a monitor of its page', open({ scope: 'service', serviceId: 's1' }), 150, true],
    ['no monitor of another page', open({ scope: 'service', serviceId: 's2' }), 150, false],
    ['every monitor', open({ scope: 'all', monitorIds: [] }), 150, true],
    ['none that was taken out', open({ scope: 'all', excludedMonitorIds: ['m1'] }), 150, false],
    ['no other monitor', open({ monitorIds: ['m2'] }), 150, false],
  ])('%s', (_promise, window, nowMs, isCovered) =>
    expect(findCoverage([window], monitor, nowMs) !== null).toBe(isCovered),
  )

  it('maintenanceUntil is the latest end among the windows now covering the monitor', () => {
    const windows = [
      open(),
      open({ endsAtMs: 300 }),
      open({ startsAtMs: 160, endsAtMs: 900 }),
      open({ monitorIds: [] }),
    ]
    expect(findCoverage(windows, monitor, 150)).toEqual({ announcedUntilMs: 300, untilMs: 300 })
    expect(findCoverage(windows, monitor, 160)).toEqual({ announcedUntilMs: 900, untilMs: 900 })
    expect(findCoverage(windows, monitor, 900)).toBeNull()
    const lasting = [open(), open({ endsAtMs: 120, autoResolve: false })]
    expect(findCoverage(lasting, monitor, 150)).toEqual({ announcedUntilMs: 200, untilMs: null })
  })

  it('must end in the future, and within a week unless it is ended by hand', () => {
    const week = 604_800
    expect(judgeMaintenanceEnd(1_000, true, 1_000, week)).toMatchObject({
      accepted: false,
      field: 'maintenanceUntil',
    })
    expect(judgeMaintenanceEnd(1_001, true, 1_000, week)).toEqual({ accepted: true })
    expect(judgeMaintenanceEnd(1_000 + week * 1_000, true, 1_000, week)).toEqual({ accepted: true })
    expect(judgeMaintenanceEnd(1_001 + week * 1_000, true, 1_000, week)).toMatchObject({ accepted: false })
    expect(judgeMaintenanceEnd(1_001 + week * 1_000, false, 1_000, week)).toEqual({ accepted: true })
    expect(judgeMaintenanceEnd(1_000, false, 1_000, week)).toMatchObject({ accepted: false })
  })
})
