import fc from 'fast-check'
import { expect, it } from 'vitest'
import { displayName } from './display-name.ts'
import { html } from './html.ts'

const name = displayName(100)

/** The text in tag characters, which are invisible. */
const inTags = (text: string) =>
  [...text].map((one) => String.fromCodePoint(0xe0000 + (one.codePointAt(0) ?? 0))).join('')

it.each([
  ['accents as one character each', 'Ame\u0301lie', 'Am\u00e9lie'],
  ['no blanks around', '\u3000 Acme \u00a0', 'Acme'],
  ['a family of emoji', '👩‍👩‍👧', '👩‍👩‍👧'],
  ['a flag of tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ['joiners inside a word', 'می\u200cخواهم', 'می\u200cخواهم'],
  ['a mark of direction beside letters', 'עברית\u200e!', 'עברית\u200e!'],
  ['a script of marks', 'नमस्ते', 'नमस्ते'],
  ['a sign alone', '!', '!'],
])('a name keeps %s', (_what, given, kept) => {
  expect(name.parse(given)).toBe(kept)
})

it.each([
  ['U+FFFE', 'Acme\ufffe'],
  ['U+FFFF', 'Acme\uffff'],
  ['U+FDD0', 'Acme\ufdd0'],
  ['U+10FFFF', 'Acme\u{10ffff}'],
  ['half a character', 'Acme\ud800'],
  ['an override of direction', 'gpj\u202e.exe'],
  ['an embedding', 'a\u202ab'],
  ['an isolate', 'a\u2066b'],
  ['the end of one', 'a\u2069b'],
  ['a line break', 'a\nb'],
  ['a separator of lines', 'a\u2028b'],
  ['a separator of paragraphs', 'a\u2029b'],
  ['a next line', 'a\u0085b'],
  ['U+0000', 'a\0b'],
  ['word in tags behind it', `Acme${inTags('pay me')}`],
  ['language tag', `Acme\u{e0001}${inTags('en')}`],
  ['end of tags alone', 'Acme\u{e007f}'],
  ['word in tags on a flag', `\u{1f3f4}${inTags('payme')}\u{e007f}`],
  ['flag of tags without its end', `\u{1f3f4}${inTags('gbeng')} Acme`],
  ['tags behind a flag of tags', `\u{1f3f4}${inTags('gbsct')}\u{e007f}${inTags('x')}`],
])('no-name-hides-what-nobody-sees: it has no %s', (_what, given) => {
  expect(name.safeParse(given).success).toBe(false)
})

it.each([
  ['a zero-width space', '\u200b'],
  ['a word joiner and a byte order mark', '\u2060\ufeff'],
  ['a soft hyphen', '\u00ad'],
  ['a Hangul filler', '\u3164'],
  ['a blank of Braille', '\u2800'],
  ['an accent of nothing', '\u0301'],
  ['variation selectors', '\ufe0f\ufe0e'],
  ['variation selectors of the supplement', '\u{e0100}\u{e01ef}'],
  ['a Mongolian variation selector', '\u180b\u180f'],
  ['a grapheme joiner', '\u034f'],
  ['Khmer inherent vowels', '\u17b4\u17b5'],
  ['a half-width Hangul filler', '\uffa0'],
  ['an interlinear anchor', '\ufff9'],
  ['controls of notes', '\u{1d173}'],
  ['an unassigned code point that is ignored', '\u{e0fff}'],
  ['a blank of hieroglyphs', '\u{13441}'],
  ['tags', '\u{e0041}'],
  ['private use', '\ue000'],
  ['an unassigned code point', '\u0378'],
])('no-name-hides-what-nobody-sees: it is not %s alone', (_what, given) => {
  expect(name.safeParse(given).success).toBe(false)
})

it('a name is as long as it is kept: what composing makes longer counts', () => {
  // U+0958 has two characters in NFC.
  expect(name.safeParse('\u0958'.repeat(50)).success).toBe(true)
  expect(name.safeParse('\u0958'.repeat(51)).success).toBe(false)
  expect(name.safeParse('e\u0301'.repeat(100)).success).toBe(true)
})

it('whatever is shown, names and others, is valid XML', () => {
  const notXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (given) => {
      expect(html`${given}`.markup).not.toMatch(notXml)
    }),
  )
  expect(html`${'a\ufffe\ud800\u0007'}`.markup).toBe('a\ufffd\ufffd\ufffd')
})
