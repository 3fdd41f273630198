import { language } from './language.ts'

/** A title as a sentence of its own, before others. */
export function toSentence(title: string): string {
  return `${title}${language === 'ja' ? '。' : '. '}`
}
