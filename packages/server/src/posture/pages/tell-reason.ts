import type { Language } from '../sentence.ts'
import { reasonsJa } from './reasons-ja.ts'

export type ToldReason = { readonly text: string; readonly language: Language }

/** The reason in the language of the page; in English if there is no translation, as for custom claims. */
export function tellReason(because: string, language: Language): ToldReason {
  const text = language === 'ja' ? toJapanese(because) : undefined
  return text === undefined ? { text: because, language: 'en' } : { text, language }
}

type Rule = { readonly pattern: RegExp; readonly japanese: string }

/** Rules that begin with the most fixed words come first: `{} answered {}` would match the sentences of others. */
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
        // The error that stopped a probe may be a translatable reason itself.
        return toJapanese(word) ?? word
      })
  }
  return undefined
}
