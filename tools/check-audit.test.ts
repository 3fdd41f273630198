import { describe, expect, it } from 'vitest'
import { judgeAudit, parseAudit, readExceptions } from './check-audit.ts'

const report = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    left: {
      name: 'left',
      severity: 'high',
      via: [
        {
          source: 1,
          name: 'left',
          title: 'It can be made to wait',
          url: 'https://github.com/advisories/GHSA-2222-3333-4444',
          severity: 'high',
          range: '<2.0.0',
        },
      ],
    },
    right: { name: 'right', severity: 'high', via: ['left'] },
  },
})
const excuse = (until: string, advisory = 'GHSA-2222-3333-4444') =>
  readExceptions(
    JSON.stringify({
      exceptions: [{ advisory, reason: 'What it does is never reached from here', until }],
    }),
  )

describe('what npm knows of the packages', () => {
  const parsed = parseAudit(report)
  if (parsed === undefined) throw new Error('This is a report')

  it('an-advisory-stops-unless-excused-for-a-time: each that nobody excused, once', () => {
    expect(judgeAudit(parsed, [], '2026-11-30')).toMatchObject([{ rule: 'advisory', where: 'left' }])
    expect(judgeAudit(parsed, excuse('2026-11-30'), '2026-11-30')).toEqual([])
    expect(judgeAudit(parsed, excuse('2026-11-30'), '2026-12-01').map(({ rule }) => rule)).toEqual([
      'advisory',
      'exception-is-over',
    ])
  })

  it('an exception that excuses nothing is taken out, and each says why and until when', () => {
    const other = excuse('2027-01-01', 'GHSA-5555-6666-7777')
    expect(judgeAudit(parsed, other, '2026-11-30').map(({ rule }) => rule)).toEqual([
      'advisory',
      'exception-excuses-something',
    ])
    expect(() => readExceptions('{"exceptions":[{"advisory":"GHSA-2222-3333-4444"}]}')).toThrow()
  })

  it('a registry that tells of no advisories is not taken for one that knows of none', () => {
    expect(parseAudit('{"message":"405 Method Not Allowed"}')).toBeUndefined()
    expect(parseAudit('')).toBeUndefined()
  })
})
