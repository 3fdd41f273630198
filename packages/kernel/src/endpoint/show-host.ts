import { domainToASCII, domainToUnicode } from 'node:url'

/**
 * A host for people to read, with its port if it has one. Each label is in its own script if it cannot be mistaken for
 * another name, and otherwise in Punycode, as it is stored. Never dialled or compared.
 */
export function showHost(host: string): string {
  return host
    .split('.')
    .map((part) => (/^xn--|[^\0-\x7f]/i.test(part) ? showLabel(part) : part))
    .join('.')
}

/** A URL for people to read, whose host is shown as by `showHost`; text that is no URL stays as it is. */
export function showUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null) return text
  const { protocol, username, password, host, pathname, search, hash } = url
  // Where the host needs no conversion, the spelling of the URL is kept.
  if (text.includes(`//${host}`) && !host.includes('xn--')) return text
  const user = username === '' ? '' : `${username}${password === '' ? '' : `:${password}`}@`
  return `${protocol}//${user}${showHost(host)}${pathname}${search}${hash}`
}

function showLabel(part: string): string {
  const [given = '', ...port] = part.split(':')
  // Text that cannot be a host name is stored as it came, and resolves to nothing.
  const label = domainToASCII(given) || given
  const shown = domainToUnicode(label)
  const isSafe = shown !== '' && domainToASCII(shown) === label && isOfOneScript(shown) && !isLookalike(shown)
  return [isSafe ? shown : label, ...port].join(':')
}

// The scripts in common use today (Unicode Standard Annex 31, table 5), and those that Japanese and Korean are written
// in.
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
/**
 * Latin letters, with which other scripts must not be confused. Marks are removed before the test; the letters listed
 * singly have no form without a mark.
 */
const latin = /^[a-z0-9ßæœøðþłđħŋ-]+$/

function isOfOneScript(label: string): boolean {
  const isLatin = latin.test(label.normalize('NFD').replaceAll(/\p{M}/gu, ''))
  return isLatin || ofOneScript.some((pattern) => pattern.test(label))
}

/** Cyrillic and Greek letters that look like Latin ones; a label of only these reads as a Latin word. */
const lookalikes = /^[0-9асԁеһіјӏорԛѕԝхуъьпгѵѡαικνρυωηοτ-]+$/

function isLookalike(label: string): boolean {
  return lookalikes.test(label)
}
