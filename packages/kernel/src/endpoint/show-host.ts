import { domainToASCII, domainToUnicode } from 'node:url'

/**
 * A host for people to read, with its port if it has one: each label in its own script where it cannot pass for another
 * name, and in Punycode, as it is stored, where it could. What is dialled and compared is never this.
 */
export function showHost(host: string): string {
  return host
    .split('.')
    .map((part) => (/^xn--|[^\0-\x7f]/i.test(part) ? showLabel(part) : part))
    .join('.')
}

/** A URL for people to read, with its host like that; text that is no URL stays as it is. */
export function showUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null) return text
  const { protocol, username, password, host, pathname, search, hash } = url
  // Nobody has to see another spelling of what there is nothing to show of.
  if (text.includes(`//${host}`) && !host.includes('xn--')) return text
  const user = username === '' ? '' : `${username}${password === '' ? '' : `:${password}`}@`
  return `${protocol}//${user}${showHost(host)}${pathname}${search}${hash}`
}

function showLabel(part: string): string {
  const [given = '', ...port] = part.split(':')
  // What cannot be a name is stored as it came, and leads nowhere.
  const label = domainToASCII(given) || given
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
