import { fileURLToPath } from 'node:url'
import PdfFile from 'pdfkit'
import { expect, it } from 'vitest'
import { signsOfReport } from './signs-of-report.ts'

/** The part of a font that is read here, as pdfkit reads it when it writes. */
type Font = { readonly font: { readonly hasGlyphForCodePoint: (codePoint: number) => boolean } }

it.each([400, 700])('a-report-in-japanese-has-every-sign: of its own words, in weight %d', (weight) => {
  const paper = new PdfFile()
  paper.font(fileURLToPath(new URL(`./fonts/noto-sans-jp-${weight}.ttf`, import.meta.url)))
  // Safe: pdfkit keeps the font in use there, and a font file is read by fontkit, whose fonts have this member.
  const { font } = Reflect.get(paper, '_font') as Font
  const missing = [...signsOfReport()].filter((sign) => !font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0))
  expect(missing.join('')).toBe('')
  // What nobody cut for it is not there, so a word that was added is noticed.
  expect(font.hasGlyphForCodePoint('龘'.codePointAt(0) ?? 0)).toBe(false)
})
