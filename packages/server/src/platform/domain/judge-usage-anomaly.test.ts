import { expect, it } from 'vitest'
import { policy } from '../policy.ts'
import { judgeUsageAnomaly, type UsageVerdict } from './judge-usage-anomaly.ts'

const rule = policy.usageAnomaly
const { callsMin, historyDays, historyDaysMin } = rule
const days = (calls: number, count: number = historyDays) => Array.from({ length: count }, () => calls)
/** Median 2,000, and most days at least 300 away from it. */
const fidgety = [
  1_400, 1_700, 1_700, 1_700, 1_700, 2_000, 2_000, 2_000, 2_000, 2_300, 2_300, 2_300, 2_300, 2_600,
]

it.each<[promise: string, calls: number, history: readonly number[], UsageVerdict]>([
  ['one call too few alarms nobody', callsMin - 1, days(0), { anomalous: false, because: 'few_calls' }],
  [
    'the first busy hour of an org that never called is told',
    callsMin,
    days(0),
    { anomalous: true, usualCalls: 0, thresholdCalls: 0 },
  ],
  [
    'with a day of history too few nothing is usual',
    callsMin,
    days(0, historyDaysMin - 1),
    { anomalous: false, because: 'short_history' },
  ],
  [
    'with just enough days it is judged',
    callsMin,
    days(0, historyDaysMin),
    { anomalous: true, usualCalls: 0, thresholdCalls: 0 },
  ],
  ['six tenths above a steady usage are usual', 3_200, days(2_000), { anomalous: false, because: 'usual' }],
  [
    'one call more is told',
    3_201,
    days(2_000),
    { anomalous: true, usualCalls: 2_000, thresholdCalls: 3_200 },
  ],
  [
    'an org that swings by itself may swing: six of its own spreads are usual',
    3_800,
    fidgety,
    { anomalous: false, because: 'usual' },
  ],
  ['and a call more is told', 3_801, fidgety, { anomalous: true, usualCalls: 2_000, thresholdCalls: 3_800 }],
  [
    'one wild day before does not hide the next',
    9_000,
    [...days(2_000, historyDays - 1), 90_000],
    { anomalous: true, usualCalls: 2_000, thresholdCalls: 3_200 },
  ],
])('%s', (_promise, calls, history, verdict) =>
  expect(judgeUsageAnomaly(calls, history, rule)).toEqual(verdict),
)
