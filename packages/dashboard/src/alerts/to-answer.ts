import { alertWords } from '../words/alert-words.ts'
import { answerWords, type AnswerWords } from '../words/answer-words.ts'

/**
 * What came of a delivery, in the language of the screen: a result such as `accepted`, `answered 5xx` or
 * `connect_timeout`, or the reason why nothing was sent. What this app does not know is shown as it is.
 */
export function toAnswer(
  result: string,
  { accepted, answered, phrases, codes }: AnswerWords = answerWords,
  reasons: Readonly<Record<string, string>> = alertWords.reasons,
): string {
  if (result === 'accepted') return accepted
  const kind = /^answered (\dxx)$/.exec(result)?.[1]
  if (kind !== undefined) return answered(kind)
  const known = new Map<string, string>(Object.entries({ ...reasons, ...phrases, ...codes }))
  return known.get(result) ?? result
}
