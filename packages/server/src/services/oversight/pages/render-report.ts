import { html } from '@gatehouse/kernel/endpoint'
import type { ReportBody } from '../contract/reports.ts'
import { reportLimits, reportWording, reportWords } from '../report-text.ts'
import { reportStylesheet } from './report-stylesheet.ts'
import { type ReportPart, toReportParts } from './report-rows.ts'

/** Renders a report as a printable HTML page without scripts or external resources. */
export function renderReport(report: ReportBody, language: 'en' | 'ja'): string {
  const own = reportWords[language]
  const { period } = report
  const { markup } = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${own.title} ${period.start} – ${period.end}</title>
        <style>
          ${reportStylesheet}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${own.title}</h1>
            <p class="verdict">
              <span>${own.assessment}</span>
              <strong>${own.assessments[report.assessment] ?? report.assessment}</strong>
            </p>
            ${renderFacts([
              [own.period, `${period.start} – ${period.end}${period.closed ? '' : ` (${own.running})`}`],
              [own.organisation, report.org_id],
              [own.revision, `${report.revision}, ${report.report_id}`],
              [own.made, report.generated_at],
            ])}
            <p class="wording">${reportWording[language]}</p>
          </header>
          ${toReportParts(report, language).map(renderPart)}
          <section>
            <h2>${own.sections.limits}</h2>
            <ol>
              ${reportLimits[language].map((limit) => html`<li>${limit}</li>`)}
            </ol>
          </section>
        </main>
      </body>
    </html>`
  return markup
}

function renderPart({ heading, note, facts, table }: ReportPart) {
  return html`<section>
    <h2>${heading}</h2>
    ${note !== undefined && html`<p class="note">${note}</p>`} ${facts !== undefined && renderFacts(facts)}
    ${table !== undefined && renderTable(table)}
  </section>`
}

function renderFacts(facts: NonNullable<ReportPart['facts']>) {
  return html`<dl>
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

function renderTable({ columns, rows }: NonNullable<ReportPart['table']>) {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
