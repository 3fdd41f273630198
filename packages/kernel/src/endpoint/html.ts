declare const brand: unique symbol

/** Markup that may be sent as it is. Only `html` makes it, from literals and escaped values. */
export type Html = { readonly markup: string; readonly [brand]: true }

export type HtmlValue = string | number | Html | null | undefined | false | readonly HtmlValue[]

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Also covers the characters that XML forbids (XML 1.0 §2.2), for images and feeds. */
const special = /[&<>"']|[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/** Builds markup: every interpolated value is escaped, wherever it stands, unless `html` itself made it (H5). */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = literals[0] ?? ''
  values.forEach((value, index) => {
    markup += toMarkup(value) + (literals[index + 1] ?? '')
  })
  // Safe: literals are this program's own, and each value went through `toMarkup`.
  return { markup } as Html
}

export function escapeHtml(text: string): string {
  return text.replace(special, (character) => escapes[character] ?? '\ufffd')
}

function toMarkup(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  // Safe: the list is the only array in the union; `isArray` does not narrow read-only arrays.
  if (Array.isArray(value)) return (value as readonly HtmlValue[]).map(toMarkup).join('')
  return (value as Html).markup
}
