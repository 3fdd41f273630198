import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { colours } from '@gatehouse/kernel/design'
import type { ReportBody } from '../contract/reports.ts'
import { reportLimits, reportWording, reportWords } from '../report-text.ts'
import { type ReportPart, toReportParts } from './report-rows.ts'
import { unpackWoff } from './unpack-woff.ts'

const require = createRequire(import.meta.url)
type Language = 'en' | 'ja'

// Both fonts have the SIL Open Font License 1.1, which allows embedding. `tools/report-fonts` subsets the Japanese one.
const fonts: Readonly<Record<Language, Readonly<Record<'plain' | 'strong', string>>>> = {
  en: {
    plain: require.resolve('@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff'),
    strong: require.resolve('@fontsource/source-sans-3/files/source-sans-3-latin-600-normal.woff'),
  },
  ja: {
    plain: fileURLToPath(import.meta.resolve('./fonts/noto-sans-jp-400.ttf')),
    strong: fileURLToPath(import.meta.resolve('./fonts/noto-sans-jp-700.ttf')),
  },
}

const margin = 48
const ink = colours.ink[0]
const soft = colours.soft[0]
const rule = colours['line-strong'][0]
const [plain, strong] = ['plain', 'strong']

type Paper = PDFKit.PDFDocument

/**
 * Renders a report as PDF. Deterministic: the dates in the file are the report's own, so the same report gives the
 * same bytes.
 */
export async function renderReportPdf(report: ReportBody, language: Language): Promise<Buffer> {
  const own = reportWords[language]
  const made = new Date(report.generated_at)
  // Imported on first use, because it loads slowly and few servers ever render a PDF.
  const { default: PdfFile } = await import('pdfkit')
  const paper = new PdfFile({
    size: 'A4',
    margin,
    bufferPages: true,
    lang: language,
    displayTitle: true,
    info: {
      Title: `${own.title} ${report.period.start} – ${report.period.end}`,
      Producer: 'Gatehouse',
      Creator: 'Gatehouse',
      CreationDate: made,
      ModDate: made,
    },
  })
  const chunks: Buffer[] = []
  paper.on('data', (chunk: Buffer) => chunks.push(chunk))
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  paper.once('end', resolve)
  paper.once('error', reject)
  paper.registerFont(plain, readFont(fonts[language].plain))
  paper.registerFont(strong, readFont(fonts[language].strong))
  writeHead(paper, report, language)
  for (const part of toReportParts(report, language)) writePart(paper, part)
  writeHeading(paper, own.sections.limits)
  for (const [at, limit] of reportLimits[language].entries())
    paper
      .font(plain)
      .fontSize(9.5)
      .fillColor(ink)
      .text(toLatin(`${at + 1}. ${limit}`))
      .moveDown(0.35)
  numberPages(paper, report.report_id)
  paper.end()
  await ended
  return Buffer.concat(chunks)
}

function readFont(path: string): Buffer {
  const file = readFileSync(path)
  return path.endsWith('.woff') ? unpackWoff(file) : file
}

function writeHead(paper: Paper, report: ReportBody, language: Language): void {
  const own = reportWords[language]
  const { period } = report
  paper.font(strong).fontSize(20).fillColor(ink).text(own.title).moveDown(0.4)
  paper
    .font(strong)
    .fontSize(12)
    .text(`${own.assessment}: ${own.assessments[report.assessment] ?? report.assessment}`)
    .moveDown(0.5)
  writeFacts(paper, [
    [own.period, `${period.start} – ${period.end}${period.closed ? '' : ` (${own.running})`}`],
    [own.organisation, report.org_id],
    [own.revision, `${report.revision}, ${report.report_id}`],
    [own.made, report.generated_at],
  ])
  paper.moveDown(0.3).font(plain).fontSize(9.5).fillColor(soft).text(toLatin(reportWording[language]))
}

function writePart(paper: Paper, { heading, note, facts, table }: ReportPart): void {
  writeHeading(paper, heading)
  if (note !== undefined) paper.font(plain).fontSize(9.5).fillColor(soft).text(toLatin(note)).moveDown(0.3)
  if (facts !== undefined) writeFacts(paper, facts)
  if (facts !== undefined && table !== undefined) paper.moveDown(0.5)
  if (table !== undefined) writeTable(paper, table)
}

function writeHeading(paper: Paper, heading: string): void {
  // Keeps a heading on the same page as the text below it.
  keepTogether(paper, 80)
  paper.moveDown(0.9)
  const { y } = paper
  paper
    .moveTo(margin, y)
    .lineTo(paper.page.width - margin, y)
    .lineWidth(0.5)
    .strokeColor(rule)
    .stroke()
  paper.moveDown(0.4).font(strong).fontSize(12).fillColor(ink).text(toLatin(heading)).moveDown(0.3)
}

function writeFacts(paper: Paper, facts: NonNullable<ReportPart['facts']>): void {
  for (const [name, value] of facts) {
    const top = paper.y
    paper.font(plain).fontSize(9.5)
    // Label and value may each take more than one line.
    const height = Math.max(
      paper.heightOfString(toLatin(name), { width: nameWidth }),
      paper.heightOfString(toLatin(value), { width: valueWidth(paper) }),
    )
    keepTogether(paper, height)
    const y = paper.y === top ? top : paper.y
    paper.fillColor(soft).text(toLatin(name), margin, y, { width: nameWidth })
    paper.fillColor(ink).text(toLatin(value), margin + 200, y, { width: valueWidth(paper) })
    paper.x = margin
    paper.y = Math.max(paper.y, y + height) + 2
  }
}

const nameWidth = 190

function valueWidth(paper: Paper): number {
  return paper.page.width - 2 * margin - 200
}

function writeTable(paper: Paper, { columns, rows }: NonNullable<ReportPart['table']>): void {
  const width = (paper.page.width - 2 * margin) / columns.length
  const write = (cells: readonly string[], isHead: boolean): void => {
    paper.font(isHead ? strong : plain).fontSize(isHead ? 8.5 : 9)
    const heights = cells.map((cell) => paper.heightOfString(toLatin(cell), { width: width - 8 }))
    const height = Math.max(...heights)
    keepTogether(paper, height + 6)
    const { y } = paper
    paper.fillColor(isHead ? soft : ink)
    for (const [at, cell] of cells.entries())
      paper.text(toLatin(cell), margin + at * width, y, { width: width - 8 })
    const bottom = y + height + 3
    paper
      .moveTo(margin, bottom)
      .lineTo(paper.page.width - margin, bottom)
      .lineWidth(0.3)
      .strokeColor(rule)
      .stroke()
    paper.x = margin
    paper.y = bottom + 3
  }
  write(columns, true)
  for (const row of rows) write(row, false)
}

function keepTogether(paper: Paper, height: number): void {
  if (paper.y + height > paper.page.height - margin - 20) paper.addPage()
}

function numberPages(paper: Paper, reportId: string): void {
  const { start, count } = paper.bufferedPageRange()
  for (let page = start; page < start + count; page += 1) {
    paper.switchToPage(page)
    // The footer is below the margin, where text would otherwise start a new page.
    paper.page.margins.bottom = 0
    paper
      .font(plain)
      .fontSize(8)
      .fillColor(soft)
      .text(`${reportId} · ${page + 1} / ${count}`, margin, paper.page.height - 34, {
        width: paper.page.width - 2 * margin,
        align: 'right',
        lineBreak: false,
      })
  }
}

/** Replaces characters that the embedded font subset does not contain. */
function toLatin(text: string): string {
  return text.replaceAll('−', '-').replaceAll('\u2032', "'")
}
