import { describe, expect, it } from 'vitest'
import {
  check,
  checks,
  downMonitor,
  listEvents,
  minute,
  outline,
  record,
  recordAll,
  startHistory,
  upMonitor,
} from './fixtures/history.ts'

describe('what people decide', () => {
  it('pause resolves the incident and the time is nobody’s; resume is due at once and counts anew', () => {
    const paused = record(downMonitor(), { kind: 'paused', atMs: 200_000 })
    expect(paused.incidents).toMatchObject([{ resolvedAtMs: 200_000, cause: 'paused' }])
    expect(paused.state.status).toBe('paused')
    expect(record(paused, check('down', 199_000, 5_000)).state).toEqual(paused.state)

    const resumed = record(paused, { kind: 'resumed', atMs: 400_000 })
    expect(resumed.state).toMatchObject({
      status: 'unknown',
      phase: 'steady',
      downStreak: 0,
      firstUpAtMs: 60_000,
    })
    expect(resumed.next).toEqual({ kind: 'now' })
    expect(outline(resumed.intervals).slice(2)).toEqual(['120000 down', '200000 paused', '400000 unknown'])

    const again = recordAll(resumed, checks('down', 5, 401_000, 10_000))
    expect(again.incidents.at(-1)).toMatchObject({ startedAtMs: 401_000 })
    expect(outline(again.intervals).at(-1)).toBe('401000 down')
  })

  it('a blip out of unknown time stays good time', () => {
    const resumed = recordAll(upMonitor(), [
      { kind: 'paused', atMs: 100_000 },
      { kind: 'resumed', atMs: 200_000 },
      check('down', 200_000),
      check('up', 210_000),
    ])
    expect(outline(resumed.intervals).slice(2)).toEqual(['100000 paused', '200000 up (blip)', '210000 up'])
  })

  it('a monitor that was never up is in grace after a pause too', () => {
    const history = recordAll(startHistory(), [
      check('down', minute),
      { kind: 'paused', atMs: 2 * minute },
      { kind: 'resumed', atMs: 3 * minute },
      ...checks('down', 10, 3 * minute, 10_000),
    ])
    expect(history.state.phase).toBe('grace')
    expect(history.incidents).toEqual([])
  })

  it('another target resolves the incident and starts the grace again', () => {
    const changed = record(downMonitor(), { kind: 'target_changed', atMs: 200_000 })
    expect(changed.incidents).toMatchObject([{ resolvedAtMs: 200_000, cause: 'target_changed' }])
    expect(changed.state).toMatchObject({ status: 'unknown', phase: 'grace', firstUpAtMs: null })
    expect(recordAll(changed, checks('down', 10, 200_000, 10_000)).incidents).toHaveLength(1)
  })

  it('deletion resolves the incident', () => {
    const gone = record(downMonitor(), { kind: 'deleted', atMs: 200_000 })
    expect(gone.incidents).toMatchObject([{ resolvedAtMs: 200_000, cause: 'deleted' }])
    expect(listEvents(gone)).toEqual(['incident.created', 'incident.resolved'])
  })

  it('an incident that a person resolved is not opened anew before one good check', () => {
    const resolved = record(downMonitor({ upThreshold: 3 }), { kind: 'resolved_by_person', atMs: 200_000 })
    const still = recordAll(resolved, checks('down', 20, 220_000, minute))
    expect(still.state).toMatchObject({ status: 'down', armed: false, incidentOpen: false })
    expect(still.incidents).toHaveLength(1)
    expect(listEvents(still)).toEqual(['incident.created', 'incident.resolved'])

    const good = record(still, check('up', 30 * minute))
    expect(good.state).toMatchObject({ status: 'up', armed: true })
    expect(listEvents(good)).toEqual(['incident.created', 'incident.resolved'])
    const anew = recordAll(good, checks('down', 5, 31 * minute, 10_000))
    expect(anew.incidents.length).toBe(2)
  })
})
