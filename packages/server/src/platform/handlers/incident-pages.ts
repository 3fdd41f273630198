import { type HandlersOf, html, type RawReply } from '@gatehouse/kernel/endpoint'
import type { securityPageEndpoints } from '../contract/security-pages.ts'
import type { PlatformDeps } from '../deps.ts'
import { type Language, toLanguage } from '../domain/language.ts'
import type { IncidentReport, Said, SecurityIncident } from '../domain/security-incident.ts'
import { findPublishedIncident, listPublicReports } from '../usecases/public-incidents.ts'
import { renderSecurityPage, showTime, toParagraphs } from './render-security-page.ts'

const words = {
  en: {
    title: 'Security incidents',
    none: 'No report has been published.',
    unknown: 'There is no such report.',
    severity: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
    severityIs: 'Severity',
    opened: 'Opened',
    contained: 'Contained',
    told: 'Affected customers told',
    published: 'Published',
    revised: 'Revised',
    happened: 'What happened',
    countermeasures: 'Countermeasures',
  },
  ja: {
    title: 'セキュリティインシデント',
    none: '公開された報告はありません。',
    unknown: '該当する報告はありません。',
    severity: { low: '低', medium: '中', high: '高', critical: '緊急' },
    severityIs: '重大度',
    opened: '検知',
    contained: '封じ込め',
    told: '影響を受ける顧客への通知',
    published: '公開',
    revised: '改訂',
    happened: '発生した事象',
    countermeasures: '対策',
  },
} as const

export function incidentPages(deps: PlatformDeps): HandlersOf<typeof securityPageEndpoints> {
  return {
    listPublishedIncidents: async (_visitor, { query }, context) =>
      renderList(await listPublicReports(deps), query.lang ?? toLanguage(context.header('accept-language'))),
    readPublishedIncident: async (_visitor, { params, query }, context) => {
      const language = query.lang ?? toLanguage(context.header('accept-language'))
      const incident = await findPublishedIncident(deps, params.id)
      return incident === undefined ? renderUnknown(language) : renderReport(incident, language)
    },
  }
}

function renderList(incidents: readonly SecurityIncident[], language: Language): RawReply {
  const said = words[language]
  const items = incidents.flatMap(({ id, report, publishedAtMs, severity }) =>
    report === null || publishedAtMs === null
      ? []
      : [
          html`<li>
            ${showTime(publishedAtMs)} <a href="./incidents/${id}">${inLanguage(report, language).title}</a>
            (${said.severity[severity]})
          </li>`,
        ],
  )
  const body =
    items.length === 0
      ? html`<p>${said.none}</p>`
      : html`<ul>
          ${items}
        </ul>`
  return renderSecurityPage({ title: said.title, language, toRoot: '..', body, isShared: true })
}

function renderUnknown(language: Language): RawReply {
  const said = words[language]
  const body = html`<p>${said.unknown}</p>`
  return renderSecurityPage({ title: said.title, language, toRoot: '../..', body, status: 404 })
}

function renderReport(incident: SecurityIncident, language: Language): RawReply {
  const said = words[language]
  if (incident.report === null) throw new Error('A published incident has a report')
  const { title, happened, countermeasures } = inLanguage(incident.report, language)
  const times = [
    [said.opened, incident.openedAtMs],
    [said.contained, incident.containedAtMs],
    [said.told, incident.toldAtMs],
    [said.published, incident.publishedAtMs],
    [said.revised, incident.revisedAtMs],
  ] as const
  const body = html`<p>${said.severityIs}: ${said.severity[incident.severity]}</p>
    <ul>
      ${times.map(([what, atMs]) => atMs !== null && html`<li>${what}: ${showTime(atMs)}</li>`)}
    </ul>
    <h2>${said.happened}</h2>
    ${toParagraphs(happened)}
    <h2>${said.countermeasures}</h2>
    ${toParagraphs(countermeasures)}`
  return renderSecurityPage({ title, language, toRoot: '../..', body, isShared: true })
}

/** The report in the reader's language, or in English if it was not written in that. */
function inLanguage(report: Said<IncidentReport>, language: Language): IncidentReport {
  return report[language] ?? report.en
}
