import { describe, expect, it } from 'vitest'
import { isPublicTableThere, readPublicTable } from '../fixtures/public-table.ts'
import { readAdviceTable } from './advice-table.ts'
import { listDepartures, measureValidity, publishedValidity } from './validity.ts'

describe.skipIf(!isPublicTableThere)('the-published-validity-is-reproduced', () => {
  it('every figure of the table, to a hundredth, from the public data', () => {
    const { people, decisions, measures } = measureValidity(readPublicTable())
    expect({ people, decisions }).toEqual({ people: 69, decisions: 1_434 })
    expect(listDepartures(measures)).toEqual([])
    const [first, ...others] = measures
    if (first === undefined) throw new Error('Nothing was measured')
    expect(listDepartures([{ ...first, r: first.r + 0.02 }, ...others])).toEqual([first.measure])
  }, 120_000)
})

it('a measure that was not found is a departure', () => {
  expect(listDepartures(publishedValidity)).toEqual([])
  expect(listDepartures(publishedValidity.slice(1))).toHaveLength(publishedValidity.length)
})

it('another table is refused by the columns that it lacks', () => {
  expect(() => readAdviceTable('participant_id,advice_answer\n1,A\n')).toThrow(
    /no advice_is_correct, no correct_answer/,
  )
})
