import { domainToASCII, domainToUnicode } from 'node:url'

/**
 * A host for people to read, with its port if it has one: each label in its own script where it cannot pass for another
 * name, and in Punycode, as it is stored, where it could. What is dialled and compared is never this.
 */
export function showHost(host: string): string {
  return host
    .split('.')
    .map((part) => (part.startsWith('xn--') ? showLabel(part) : part))
    .join('.')
}

function showLabel(part: string): string {
  const [label = '', ...port] = part.split(':')
  const shown = domainToUnicode(label)
  const isSafe = shown !== '' && domainToASCII(shown) === label && isOfOneScript(shown) && !isLookalike(shown)
  return [isSafe ? shown : label, ...port].join(':')
}

// Those in common use today (Unicode Standard Annex 31, table 5), and what Japanese and Korean are written in.
const scripts = (
  'Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada Khmer Lao ' +
  'Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan'
)
  .split(' ')
  .map((script) => `\\p{scx=${script}}`)
const japanese = '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}'
const korean = '\\p{scx=Han}\\p{scx=Hangul}'
const ofOneScript = [...scripts, japanese, korean].map(
  (characters) => new RegExp(`^[0-9${characters}-]+$`, 'u'),
)
/** Latin is what people compare with: plain letters with marks, and the few of European languages that have no such form. */
const latin = /^[a-z0-9ßæœøðþłđħŋ-]+$/

function isOfOneScript(label: string): boolean {
  const isLatin = latin.test(label.normalize('NFD').replaceAll(/\p{M}/gu, ''))
  return isLatin || ofOneScript.some((pattern) => pattern.test(label))
}

/** Cyrillic and Greek letters that look like Latin ones; a label of them alone reads as a Latin word. */
const lookalikes = /^[0-9асԁеһіјӏорԛѕԝхуъьпгѵѡαικνρυωηοτ-]+$/

function isLookalike(label: string): boolean {
  return lookalikes.test(label)
}
