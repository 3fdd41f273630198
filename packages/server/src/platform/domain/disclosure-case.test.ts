import { describe, expect, it } from 'vitest'
import { type CaseStep, judgeCaseStep, listCaseClocks, type Outcome } from './disclosure-case.ts'

const received = {
  wantsCredit: true,
  severity: null,
  acknowledgedAtMs: null,
  fixedAtMs: null,
  creditedAtMs: null,
  closedAtMs: null,
} as const
const acknowledged = { ...received, acknowledgedAtMs: 1 } as const
const judged = { ...acknowledged, severity: 'critical' } as const
const fixed = { ...judged, fixedAtMs: 2 } as const
const closed = { ...fixed, closedAtMs: 3 } as const

type Standing = Parameters<typeof judgeCaseStep>[0]

describe('the steps of a case', () => {
  it.each<[promise: string, Standing, CaseStep, Outcome | undefined, boolean]>([
    ['a report is acknowledged once', received, 'acknowledge', undefined, true],
    ['and not twice', acknowledged, 'acknowledge', undefined, false],
    ['it can be judged before that', received, 'judge', undefined, true],
    ['what nobody has judged is not fixed', acknowledged, 'fix', undefined, false],
    ['what was judged is', judged, 'fix', undefined, true],
    ['and not twice', fixed, 'fix', undefined, false],
    ['no case is closed unacknowledged', { ...received, severity: 'low' }, 'close', 'no_weakness', false],
    ['one that is no weakness is closed', acknowledged, 'close', 'no_weakness', true],
    ['none ends as fixed that is not', judged, 'close', 'fixed', false],
    ['one that is fixed ends so', fixed, 'close', 'fixed', true],
    ['nobody is named before the fix', judged, 'credit', undefined, false],
    ['the reporter is named after it', fixed, 'credit', undefined, true],
    ['also once the case is closed', closed, 'credit', undefined, true],
    ['and not twice', { ...fixed, creditedAtMs: 3 }, 'credit', undefined, false],
    ['nobody is named who does not want it', { ...fixed, wantsCredit: false }, 'credit', undefined, false],
    ['a closed case changes no more', closed, 'judge', undefined, false],
  ])('%s', (_promise, standing, step, outcome, allowed) => {
    expect(judgeCaseStep(standing, step, outcome).allowed).toBe(allowed)
  })

  it.each<[promise: string, Standing, readonly string[]]>([
    ['both run from the arrival on', received, ['acknowledge', 'fix']],
    ['what nobody has judged may be critical', acknowledged, ['fix']],
    ['a critical one has to be fixed in time', judged, ['fix']],
    ['a lesser one has not', { ...judged, severity: 'high' }, []],
    ['a fixed one has been', fixed, []],
    ['a fix acknowledges nothing', { ...fixed, acknowledgedAtMs: null }, ['acknowledge']],
    ['none runs after the end', { ...acknowledged, closedAtMs: 2 }, []],
  ])('%s', (_promise, standing, clocks) => {
    expect(listCaseClocks(standing)).toEqual(clocks)
  })
})
