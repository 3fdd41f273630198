import type { Language } from '../sentence.ts'
import { reasonsJa } from './reasons-ja.ts'

export type ToldReason = { readonly text: string; readonly language: Language }

/** Why, in the language of the page; in English where it has no words for it, such as of a claim of one's own. */
export function tellReason(because: string, language: Language): ToldReason {
  const text = language === 'ja' ? toJapanese(because) : undefined
  return text === undefined ? { text: because, language: 'en' } : { text, language }
}

type Rule = { readonly pattern: RegExp; readonly japanese: string }

/** Those that begin with most words of their own come first: `{} answered {}` would take others' words for its own. */
const rules: readonly Rule[] = Object.entries(reasonsJa)
  .toSorted(([a], [b]) => beginning(b) - beginning(a) || weigh(b) - weigh(a))
  .map(([english, japanese]) => ({
    pattern: new RegExp(`^${english.split('{}').map(escape).join('(.+?)')}$`, 's'),
    japanese,
  }))

function beginning(english: string): number {
  return english.indexOf('{}') === -1 ? english.length : english.indexOf('{}')
}

function weigh(english: string): number {
  return english.replaceAll('{}', '').length
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
}

function toJapanese(because: string): string | undefined {
  for (const { pattern, japanese } of rules) {
    const seen = pattern.exec(because)
    if (seen !== null)
      return japanese.replaceAll(/\{(\d)\}/g, (_place, at: string) => {
        const word = seen[Number(at)] ?? ''
        // What stopped a probe may be a reason of its own.
        return toJapanese(word) ?? word
      })
  }
  return undefined
}
