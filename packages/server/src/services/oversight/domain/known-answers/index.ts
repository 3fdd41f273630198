import { decisionAnswers } from './decision-answers.ts'
import type { KnownAnswer } from './known-answer.ts'
import { relianceAnswers } from './reliance-answers.ts'
import { scoreAnswers } from './score-answers.ts'

export type { KnownAnswer } from './known-answer.ts'

/** Every result printed in the specification: a build that computes another one must not score. */
export const knownAnswers: readonly KnownAnswer[] = [...scoreAnswers, ...relianceAnswers, ...decisionAnswers]

/** The names of known answers that this build computes differently. */
export function listWrongAnswers(answers: readonly KnownAnswer[] = knownAnswers): readonly string[] {
  return answers
    .filter(({ expected, compute }) => JSON.stringify(compute()) !== JSON.stringify(expected))
    .map(({ name }) => name)
}
