import { describe, expect, it } from 'vitest'
import {
  type Answered,
  domainCharactersMax,
  type DomainFinding,
  judgeAsked,
  judgeDay,
  judgeRecords,
  type RecordOutcome,
  toDomainRecords,
} from './custom-domain.ts'

const records = toDomainRecords({ domain: 'status.site.test', token: 'abc' }, 'gate.test')
const right = { aliases: ['gate.test'], texts: ['gatehouse-verify=abc'] }

function find(aliases: RecordOutcome, text: RecordOutcome): DomainFinding {
  return { alias: { outcome: aliases, values: [] }, text: { outcome: text, values: [] } }
}

describe('a-domain-needs-both-records', () => {
  it('the records name the instance and the token', () => {
    expect(records).toEqual({
      alias: { name: 'status.site.test', value: 'gate.test' },
      text: { name: '_gatehouse.status.site.test', value: 'gatehouse-verify=abc' },
    })
    const longest = toDomainRecords({ domain: 'a'.repeat(domainCharactersMax), token: '' }, 'gate.test')
    expect(longest.text.name).toHaveLength(253)
  })

  it.each<[promise: string, aliases: Answered, texts: Answered, alias: RecordOutcome, text: RecordOutcome]>([
    ['both are found', right.aliases, right.texts, 'found', 'found'],
    ['behind another alias it is found', ['edge.test', 'gate.test'], right.texts, 'found', 'found'],
    ['among other texts it is found', right.aliases, ['v=spf1', 'gatehouse-verify=abc'], 'found', 'found'],
    ['in quotes and blanks it is found', right.aliases, [' "gatehouse-verify=abc" '], 'found', 'found'],
    ['an alias of elsewhere is another', ['other.test'], right.texts, 'other', 'found'],
    ['the token of another page is another', right.aliases, ['gatehouse-verify=abd'], 'found', 'other'],
    ['none is missing', [], [], 'missing', 'missing'],
    ['silence is no answer', undefined, undefined, 'unanswered', 'unanswered'],
  ])('%s', (_promise, aliases, texts, alias, text) => {
    const finding = judgeRecords(records, { aliases, texts })
    expect([finding.alias.outcome, finding.text.outcome]).toEqual([alias, text])
  })

  it('what was found is told in bounds, without what no screen should show', () => {
    const texts = ['a\u0000b\u202ec', 'x'.repeat(300), '3', '4', '5']
    const { values } = judgeRecords(records, { aliases: [], texts }).text
    expect(values).toEqual(['abc', 'x'.repeat(200), '3', '4'])
  })

  it.each<[was: 'pending_validation' | 'active' | 'failed', DomainFinding, becomes: string]>([
    ['pending_validation', find('found', 'found'), 'active'],
    ['failed', find('found', 'found'), 'active'],
    ['pending_validation', find('found', 'missing'), 'failed'],
    ['pending_validation', find('other', 'found'), 'failed'],
    ['pending_validation', find('unanswered', 'unanswered'), 'failed'],
    ['active', find('missing', 'found'), 'failed'],
    ['active', find('unanswered', 'found'), 'active'],
    ['active', find('unanswered', 'missing'), 'failed'],
  ])('asked while %s, %o', (status, finding, becomes) => {
    expect(judgeAsked({ status, badDays: 3 }, finding).status).toBe(becomes)
  })
})

describe('a-domain-fails-after-seven-bad-days', () => {
  const bad = find('missing', 'found')

  it('on the seventh in a row, and not on the sixth', () => {
    expect(judgeDay({ badDays: 5 }, bad, 7)).toEqual({ status: 'active', badDays: 6 })
    expect(judgeDay({ badDays: 6 }, bad, 7)).toEqual({ status: 'failed', badDays: 0 })
  })

  it('a good day begins the count anew', () => {
    expect(judgeDay({ badDays: 6 }, find('found', 'found'), 7)).toEqual({ status: 'active', badDays: 0 })
  })

  it('a day without an answer does not count', () => {
    expect(judgeDay({ badDays: 6 }, find('unanswered', 'found'), 7)).toBeUndefined()
    expect(judgeDay({ badDays: 6 }, find('unanswered', 'unanswered'), 7)).toBeUndefined()
  })
})
