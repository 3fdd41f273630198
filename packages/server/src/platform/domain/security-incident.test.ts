import { describe, expect, it } from 'vitest'
import { type IncidentStep, isTellingDue, judgeIncidentStep } from './security-incident.ts'

const opened = {
  scopeOrgs: 'unknown',
  affected: 0,
  told: 0,
  containedAtMs: null,
  publishedAtMs: null,
  closedAtMs: null,
} as const
const listed = { ...opened, scopeOrgs: 'listed', affected: 2 } as const
const told = { ...listed, told: 2 } as const
const contained = { ...told, containedAtMs: 1 } as const

type Standing = Parameters<typeof judgeIncidentStep>[0]

describe('the steps of an incident', () => {
  it.each<[promise: string, Standing, IncidentStep, boolean]>([
    ['nobody is told before it is known whom it touches', opened, 'notify', false],
    ['those it touches are told', listed, 'notify', true],
    ['those who are left are told', { ...listed, told: 1 }, 'notify', true],
    ['nobody is told twice', told, 'notify', false],
    ['nobody is told where nobody is touched', { ...opened, scopeOrgs: 'none' }, 'notify', false],
    ['customers can be told before it is contained', { ...listed, containedAtMs: null }, 'notify', true],
    ['it is contained once', contained, 'contain', false],
    ['nothing is published before it is contained', told, 'publish', false],
    ['a report can be written anew', { ...contained, publishedAtMs: 2 }, 'publish', true],
    ['it is not closed before it is contained', { ...told, publishedAtMs: 2 }, 'close', false],
    ['it is not closed while somebody is left', { ...contained, told: 1, publishedAtMs: 2 }, 'close', false],
    ['it is not closed without a report', contained, 'close', false],
    ['it is closed when all of that is done', { ...contained, publishedAtMs: 2 }, 'close', true],
    ['a closed one changes no more', { ...contained, closedAtMs: 3 }, 'change', false],
    ['a closed one is not contained', { ...told, closedAtMs: 3 }, 'contain', false],
    ['a closed one is not closed again', { ...contained, publishedAtMs: 2, closedAtMs: 3 }, 'close', false],
  ])('%s', (_promise, incident, step, allowed) => {
    expect(judgeIncidentStep(incident, step).allowed).toBe(allowed)
  })

  it('it is closed without a report where there is a reason', () => {
    expect(judgeIncidentStep(contained, 'close', 'The probe was wrong').allowed).toBe(true)
  })

  it('as long as nobody has said whom it touches, somebody may have to be told', () => {
    expect(isTellingDue(opened)).toBe(true)
    expect(isTellingDue({ ...opened, scopeOrgs: 'none' })).toBe(false)
    expect(isTellingDue({ ...opened, scopeOrgs: 'all' })).toBe(false)
    expect(isTellingDue(listed)).toBe(true)
    expect(isTellingDue(told)).toBe(false)
  })
})
