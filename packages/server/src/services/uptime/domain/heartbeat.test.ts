import { describe, expect, it } from 'vitest'
import { figures, record, startHistory } from './fixtures/history.ts'
import {
  type DeadlineSurroundings,
  type Heartbeat,
  judgeDeadline,
  parsePing,
  takePing,
  watchFrom,
} from './heartbeat.ts'
import { judge } from './judge.ts'

const second = 1_000
const config = { graceSeconds: 300, periodSeconds: null, maxRunSeconds: null }
const silent: Heartbeat = { lastSuccessMs: null, runStartedMs: null, runId: null, deadlineMs: null }
const nothingAround: DeadlineSurroundings = { outages: [], maintenance: null, extensionSecondsMax: 600 }

/** A job that succeeded at 1,000 s and is due by 1,300 s. */
const { heartbeat: waiting } = takePing(silent, config, { kind: 'success' }, null, 1_000 * second)

describe('a heartbeat', () => {
  it('missed by one second is down, a ping inside the grace is not, and a fail ping is immediate', () => {
    expect(waiting.deadlineMs).toBe(1_300 * second)
    expect(judgeDeadline(waiting, config, nothingAround, 1_300 * second)).toEqual({ kind: 'wait' })
    const missed = judgeDeadline(waiting, config, nothingAround, 1_301 * second)
    expect(missed).toMatchObject({
      kind: 'missed',
      verdict: { outcome: 'down', startedAtMs: 1_300 * second, code: 'heartbeat_missed' },
    })
    const late = takePing(waiting, config, { kind: 'success' }, null, 1_299 * second)
    expect(late.heartbeat.deadlineMs).toBe(1_599 * second)
    const failed = takePing(waiting, config, { kind: 'fail', exitCode: 3 }, null, 1_100 * second)
    expect(failed.verdict).toMatchObject({
      outcome: 'down',
      startedAtMs: 1_100 * second,
      values: { exit: 3 },
    })
  })

  it('down is one verdict, from the deadline to the next success', () => {
    const history = startHistory({ isTold: true })
    const first = takePing(silent, config, { kind: 'success' }, null, 1_000 * second)
    const missed = judgeDeadline(first.heartbeat, config, nothingAround, 1_302 * second)
    const back = takePing(first.heartbeat, config, { kind: 'success' }, null, 9_000 * second)
    const verdicts = [first.verdict, missed.kind === 'missed' ? missed.verdict : null, back.verdict]
    const told = verdicts.reduce(
      (recorded, verdict) => (verdict === null ? recorded : record(recorded, { kind: 'verdict', verdict })),
      history,
    )
    expect(told.incidents).toMatchObject([
      { startedAtMs: 1_300 * second, confirmedAtMs: 1_302 * second, resolvedAtMs: 9_000 * second },
    ])
    expect(told.intervals.map(({ fromMs, state }) => [fromMs / second, state])).toEqual([
      [0, 'unknown'],
      [1_000, 'up'],
      [1_300, 'down'],
      [9_000, 'up'],
    ])
  })

  it('never goes stale: its deadline says when silence is trouble', () => {
    const day = { ...config, graceSeconds: 86_400 }
    const { verdict } = takePing(silent, day, { kind: 'success' }, null, 0)
    const { state, rules } = startHistory({ isTold: true })
    if (verdict === null) throw new Error('A success has a verdict')
    const up = judge(state, { kind: 'verdict', verdict }, rules, figures).state
    const later = judge(up, { kind: 'tick', atMs: 86_000 * second }, rules, figures)
    expect(later.state.status).toBe('up')
    expect(later.effects).toEqual([])
  })

  it('that never succeeded has no deadline', () => {
    expect(takePing(silent, config, { kind: 'start' }, null, 0).heartbeat.deadlineMs).toBeNull()
    expect(
      takePing(silent, config, { kind: 'fail', exitCode: null }, null, 0).heartbeat.deadlineMs,
    ).toBeNull()
    expect(watchFrom(silent, config, 0).deadlineMs).toBeNull()
  })

  it('with a period waits for the period and the grace', () =>
    expect(
      takePing(silent, { ...config, periodSeconds: 3_600 }, { kind: 'success' }, null, 0).heartbeat
        .deadlineMs,
    ).toBe(3_900 * second))

  it('a start brings the deadline forward to its longest run, and never puts it off', () => {
    const limited = { ...config, maxRunSeconds: 60 }
    const started = takePing(waiting, limited, { kind: 'start' }, 'a', 1_100 * second).heartbeat
    expect(started.deadlineMs).toBe(1_160 * second)
    expect(takePing(waiting, limited, { kind: 'start' }, 'a', 1_290 * second).heartbeat.deadlineMs).toBe(
      1_300 * second,
    )

    const ended = takePing(started, limited, { kind: 'success' }, 'a', 1_150 * second).heartbeat
    expect(ended).toMatchObject({ runStartedMs: null, deadlineMs: 1_450 * second })
    const other = takePing(started, limited, { kind: 'success' }, 'b', 1_150 * second).heartbeat
    expect(other).toMatchObject({ runId: 'a', deadlineMs: 1_160 * second })
  })

  it.each<[promise: string, outage: [number, number], expected: object]>([
    [
      'inside an outage of ours moves to its end and the grace',
      [1_200, 2_000],
      { kind: 'moved', heartbeat: { deadlineMs: 2_300_000 } },
    ],
    [
      'just after one leaves as much time',
      [1_200, 1_299],
      { kind: 'moved', heartbeat: { deadlineMs: 1_599_000 } },
    ],
    ['before one is missed', [1_301, 1_302], { kind: 'missed' }],
  ])('a deadline %s', (_promise, [from, to], expected) => {
    const outages = [{ fromMs: from * second, toMs: to * second }]
    const nowMs = Math.max(1_301, to) * second
    expect(judgeDeadline(waiting, config, { ...nothingAround, outages }, nowMs)).toMatchObject(expected)
  })

  it('an outage puts a deadline off by 10 minutes at most, and then it is missed', () => {
    const patient = { ...config, graceSeconds: 86_400 }
    const { heartbeat } = takePing(silent, patient, { kind: 'success' }, null, 0)
    const around = { ...nothingAround, outages: [{ fromMs: 86_000_000, toMs: 87_000_000 }] }
    expect(judgeDeadline(heartbeat, patient, around, 87_600_000)).toMatchObject({
      kind: 'moved',
      heartbeat: { deadlineMs: 87_600_000 },
    })
    expect(judgeDeadline(heartbeat, patient, around, 87_600_001)).toMatchObject({
      kind: 'missed',
      verdict: { startedAtMs: 87_600_000, values: { dueMs: 87_600_000 } },
    })
  })

  it('a deadline inside maintenance is judged at its end', () => {
    const covered = { ...nothingAround, maintenance: { untilMs: 2_000 * second } }
    const moved = judgeDeadline(waiting, config, covered, 1_301 * second)
    expect(moved).toMatchObject({ kind: 'moved', heartbeat: { deadlineMs: 2_000 * second } })
    if (moved.kind !== 'moved') return
    expect(judgeDeadline(moved.heartbeat, config, nothingAround, 2_001 * second)).toMatchObject({
      kind: 'missed',
      verdict: { startedAtMs: 2_000 * second },
    })
    const endless = judgeDeadline(
      waiting,
      config,
      { ...nothingAround, maintenance: { untilMs: null } },
      1_301 * second,
    )
    expect(endless).toMatchObject({ kind: 'moved', heartbeat: { deadlineMs: null } })
    expect(watchFrom(waiting, config, 5_000 * second).deadlineMs).toBe(5_300 * second)
  })

  it.each([
    [undefined, { kind: 'success' }],
    ['', { kind: 'success' }],
    ['0', { kind: 'success' }],
    ['start', { kind: 'start' }],
    ['fail', { kind: 'fail', exitCode: null }],
    ['1', { kind: 'fail', exitCode: 1 }],
    ['255', { kind: 'fail', exitCode: 255 }],
    ['256', undefined],
    ['-1', undefined],
    ['stop', undefined],
  ])('a ping that ends in %s means %j', (suffix, ping) => expect(parsePing(suffix)).toEqual(ping))
})
