import { toReason } from '../to-reason.ts'
import { monitorWords } from '../words/monitor-words.ts'
import { reasonWords, type ReasonWords, translations } from '../words/reason-words.ts'

/** Why a check gave no result, from the English sentence of the server; one that is not known is shown as it is. */
export function toUnavailable(
  sentence: string,
  said: ReasonWords = reasonWords,
  { isPaused, isUnheard }: typeof monitorWords.untold = monitorWords.untold,
): string {
  if (sentence === 'The monitor is paused.') return isPaused
  if (sentence === 'The job has not been heard of yet.') return isUnheard
  for (const [code, template] of Object.entries(translations.en)) {
    // One that begins with a value fits nearly everything, and says what is wrong with a target.
    if (template.startsWith('{')) continue
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    const found = toPattern(template).exec(sentence)
    if (found === null) continue
    const values = new Map(
      names.map((name, at) => [name, (found[at + 1] ?? '').replace(/^config\.?/, '')] as const),
    )
    return toReason({ code, values: Object.fromEntries(values) }, said) ?? sentence
  }
  return sentence
}

/** Matches what the server made of a template; a part in brackets may be missing. */
function toPattern(template: string): RegExp {
  const source = template
    .split(/(\{\w+\}|\[|\])/)
    .map((part) => {
      if (part === '[') return '(?:'
      if (part === ']') return ')?'
      return part.startsWith('{') ? '(.*?)' : part.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
    })
    .join('')
  return new RegExp(`^${source}$`)
}
