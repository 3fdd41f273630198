import { expect, it } from 'vitest'
import { builtInJa } from '../../dashboard/src/words/exercise-words.ts'
import { exercises } from '../src/services/oversight/domain/exercises.ts'

it('exercises-are-said-in-both-languages: each of ours, step by step', () => {
  expect(Object.keys(builtInJa)).toEqual(exercises.map(({ id }) => id))
  const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/
  for (const { id, steps } of exercises) {
    const said = builtInJa[id]
    expect({ id, steps: said?.steps.length }).toEqual({ id, steps: steps.length })
    for (const sentence of [said?.title, said?.description, ...(said?.steps ?? [])])
      expect(sentence).toMatch(japanese)
  }
})
