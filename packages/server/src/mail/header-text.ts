const looksEncoded = /=\p{C}*\?/u
/** An encoded word has at most 75 characters (RFC 2047 §2): this many bytes in base64, with `=?UTF-8?B?` and `?=`. */
const bytesPerWord = 45

/**
 * Makes a header value of text that people wrote. Text that looks like an encoded word is encoded as a whole, so that a
 * reader sees what was written, and not what it would decode to.
 */
export function toHeaderText(text: string): string {
  return looksEncoded.test(text) ? toEncodedWords(text) : text
}

/** Quotes an address whose local part looks like an encoded word: inside quotes nothing is decoded (RFC 2047 §5). */
export function toHeaderAddress(address: string): string {
  if (!looksEncoded.test(address) || address.startsWith('"')) return address
  const at = address.lastIndexOf('@')
  return `"${address.slice(0, at).replaceAll(/["\\]/g, String.raw`\$&`)}"${address.slice(at)}`
}

/** Throws for a thread id of another form, which a mail client could misread. */
export function assertThreadId(id: string): void {
  if (!/^<[\w.+-]+@[\w.:[\]-]+>$/.test(id)) throw new Error('A thread id must have the form <id@host>')
}

function toEncodedWords(text: string): string {
  const words: string[] = []
  let word = ''
  for (const character of text.toWellFormed()) {
    if (Buffer.byteLength(word + character) > bytesPerWord) {
      words.push(word)
      word = ''
    }
    word += character
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ')
}
