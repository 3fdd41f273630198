import { reportNames } from '../report-names.ts'
import { reportLimits, reportWording, reportWords } from '../report-text.ts'

/**
 * Every character that a report in Japanese can need: those of its fixed texts, and those of figures, names and ids.
 */
export function signsOfReport(): string {
  const words = [reportWords.ja, reportLimits.ja, reportWording.ja, reportNames]
  const printable = Array.from({ length: 95 }, (_, at) => String.fromCodePoint(32 + at))
  // A placeholder stands in for the number of an article.
  const text = JSON.stringify([words, reportWords.ja.citation('Article 14')]) + '–−·…'
  return [...new Set([...printable, ...text])].toSorted().join('')
}
