type Decoder = InstanceType<typeof TextDecoder>

const utf8 = 'utf-8'
const prescanBytesMax = 1_024

/**
 * Decodes a response body: by the charset in its header, else by a byte order mark, else by the document's own
 * declaration in its first 1,024 bytes, else as UTF-8. A byte order mark is not part of the text.
 */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const mark = sniffMark(bytes)
  const named = findDecoder(charsetOf(contentType))
  // RFC 2781 §3.3: for plain "utf-16", the byte order mark determines the byte order.
  if (named !== undefined) return (named.encoding === 'utf-16le' ? (mark ?? named) : named).decode(bytes)
  return (mark ?? (isMarkup(contentType) ? sniffMarkup(bytes) : undefined) ?? new TextDecoder(utf8)).decode(
    bytes,
  )
}

function charsetOf(contentType: string | undefined): string | undefined {
  const [, quoted, single, bare] =
    /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))/i.exec(contentType ?? '') ?? []
  return quoted ?? single ?? bare
}

/** Undefined for a name that the Encoding Standard does not know. */
function findDecoder(label: string | undefined): Decoder | undefined {
  if (label === undefined) return undefined
  try {
    return new TextDecoder(label)
  } catch {
    return undefined
  }
}

function sniffMark([first, second, third]: Uint8Array): Decoder | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder(utf8)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be')
  return first === 0xff && second === 0xfe ? new TextDecoder('utf-16le') : undefined
}

/** Other types have no charset declaration in their text. */
function isMarkup(contentType: string | undefined): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return type === '' || type === 'text/html' || type.endsWith('xml')
}

/** A simplified HTML §13.2.3.2: a `<meta>` outside of comments, or an XML declaration. */
function sniffMarkup(bytes: Uint8Array): Decoder | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, prescanBytesMax)).replaceAll(comment, '')
  const [, declared] = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)["']/i.exec(head) ?? []
  const tags = head.match(/<meta[\s/][^>]*/gi) ?? []
  const label = declared ?? tags.map(charsetOfMeta).find((found) => found !== undefined)
  const decoder = findDecoder(label)
  // A declaration that was readable as ASCII bytes cannot truthfully say UTF-16.
  return decoder?.encoding.startsWith('utf-16') === true ? new TextDecoder(utf8) : decoder
}

const comment = /<!--[\s\S]*?(?:-->|$)/g

function charsetOfMeta(tag: string): string | undefined {
  const content = /\scontent\s*=\s*("[^"]*"|'[^']*')/i.exec(tag)
  const [, quoted, single, bare] =
    /\scharset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'/>;]+))/i.exec(tag.replace(content?.[0] ?? '', ' ')) ?? []
  const own = quoted ?? single ?? bare
  if (own !== undefined || content === null || !/\shttp-equiv\s*=\s*["']?content-type/i.test(tag)) return own
  return /charset\s*=\s*["']?([^\s;"']+)/i.exec(content[1] ?? '')?.[1]
}
