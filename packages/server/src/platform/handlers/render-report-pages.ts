import { html, type Html, type RawReply } from '@gatehouse/kernel/endpoint'
import type { DisclosureCase } from '../domain/disclosure-case.ts'
import { toDueMs } from '../domain/deadline.ts'
import type { Language } from '../domain/language.ts'
import { policy } from '../policy.ts'
import type { ReceivedReport } from '../usecases/submit-report.ts'
import { renderSecurityPage, showTime } from './render-security-page.ts'
import { type ReportWords, reportWords } from './report-words.ts'

export type Written = Readonly<Record<string, string>>
export type FieldFault = {
  readonly field: string
  readonly kind: 'required' | 'characters' | 'unknown' | 'invalid' | { readonly longerThan: number }
}

type Form = {
  readonly language: Language
  readonly hasKey: boolean
  readonly written?: Written
  readonly faults?: readonly FieldFault[]
}

/** The report form, empty or with the person's input and its faults. */
export function renderReportForm({ language, hasKey, written = {}, faults = [] }: Form): RawReply {
  const said = reportWords[language]
  const area = (name: 'what' | 'impact' | 'reproduction', hint: string): Html =>
    html`<p>
      <label for="${name}">${said[name]}</label><br />
      ${hint !== '' && html`<small id="${name}-hint">${hint}</small><br />`}
      <textarea id="${name}" name="${name}" rows="6" ${describedBy(name, hint, faults)}>
${written[name] ?? ''}</textarea>
    </p>`
  const body = html`<p>${said.intro}</p>
    <p>
      <a href="../docs/security">${said.policy}</a>
      ${hasKey && html` · <a href="./pgp-key.asc">${said.key}</a>`}
    </p>
    ${faults.length > 0 && renderFaults(said, faults)}
    <form method="post" action="./report?lang=${language}">
      ${area('what', said.whatHint)} ${area('impact', '')} ${area('reproduction', said.reproductionHint)}
      <p>
        <label for="contact">${said.contact}</label><br />
        <small id="contact-hint">${said.contactHint}</small><br />
        <input
          id="contact"
          name="contact"
          value="${written['contact'] ?? ''}"
          ${describedBy('contact', said.contactHint, faults)}
        />
      </p>
      <p>
        <input
          type="checkbox"
          id="credit"
          name="credit"
          value="yes"
          ${written['credit'] === 'yes' && html`checked`}
        />
        <label for="credit">${said.credit}</label>
      </p>
      <p>
        <label for="name">${said.name}</label><br />
        <input id="name" name="name" value="${written['name'] ?? ''}" ${describedBy('name', '', faults)} />
      </p>
      <p><button>${said.send}</button></p>
    </form>`
  return renderSecurityPage({
    title: said.title,
    language,
    toRoot: '..',
    body,
    status: faults.length > 0 ? 400 : 200,
  })
}

export function renderTooLarge(language: Language): RawReply {
  const said = reportWords[language]
  const body = html`<p role="alert">${said.tooLarge}</p>`
  return renderSecurityPage({ title: said.title, language, toRoot: '..', body, status: 413 })
}

export function renderReceived(
  { reference, code, acknowledgeByMs, fixByMs }: ReceivedReport,
  language: Language,
): RawReply {
  const said = reportWords[language]
  const body = html`<dl>
      <dt>${said.reference}</dt>
      <dd><code id="reference">${reference}</code></dd>
      <dt>${said.code}</dt>
      <dd><code id="code">${code}</code></dd>
      <dt>${said.acknowledgeBy}</dt>
      <dd>${showTime(acknowledgeByMs)}</dd>
      <dt>${said.fixBy}</dt>
      <dd>${showTime(fixByMs)}</dd>
    </dl>
    <p>${said.keepCode}</p>
    <p><a href="./report/${reference}?lang=${language}">${said.lookUp}</a></p>`
  return renderSecurityPage({
    title: said.receivedTitle,
    language,
    toRoot: '..',
    body,
    status: 201,
    isOnce: true,
  })
}

/** The page on which a case code is entered; `isUnknown`: the code that was entered matches no case. */
export function renderCaseForm(language: Language, isUnknown: boolean): RawReply {
  const said = reportWords[language]
  const body = html`${isUnknown && html`<p role="alert">${said.unknown}</p>`}
    <form method="post">
      <p>
        <label for="code">${said.enterCode}</label><br />
        <input id="code" name="code" autocomplete="off" spellcheck="false" />
      </p>
      <p><button>${said.show}</button></p>
    </form>`
  const status = isUnknown ? 404 : 200
  return renderSecurityPage({ title: said.caseTitle, language, toRoot: '../..', body, status })
}

export function renderCase(found: DisclosureCase, language: Language): RawReply {
  const said = reportWords[language]
  const { acknowledge, fix } = policy.disclosure.clocks
  const show = (atMs: number | null): Html | string => (atMs === null ? said.notYet : showTime(atMs))
  const due = (words: string, atMs: number): Html => html` (${words} ${showTime(atMs)})`
  const mayBeCritical = found.severity === null || found.severity === 'critical'
  const body = html`<dl>
    <dt>${said.reference}</dt>
    <dd><code>${found.reference}</code></dd>
    <dt>${said.received}</dt>
    <dd>${showTime(found.receivedAtMs)}</dd>
    <dt>${said.acknowledged}</dt>
    <dd>
      ${show(found.acknowledgedAtMs)}${
        found.acknowledgedAtMs === null && due(said.acknowledgeBy, toDueMs(found.receivedAtMs, acknowledge))
      }
    </dd>
    <dt>${said.severityIs}</dt>
    <dd>${found.severity === null ? said.unjudged : said.severity[found.severity]}</dd>
    <dt>${said.fixed}</dt>
    <dd>
      ${show(found.fixedAtMs)}${
        found.fixedAtMs === null && mayBeCritical && due(said.fixBy, toDueMs(found.receivedAtMs, fix))
      }
    </dd>
    ${
      found.creditedAtMs !== null &&
      html`<dt>${said.credited}</dt>
        <dd>${showTime(found.creditedAtMs)}</dd>`
    }
    ${
      found.closedAtMs !== null &&
      found.outcome !== null &&
      html`<dt>${said.closed}</dt>
        <dd>${showTime(found.closedAtMs)}: ${said.outcome[found.outcome]}</dd>`
    }
  </dl>`
  return renderSecurityPage({ title: said.caseTitle, language, toRoot: '../..', body })
}

function renderFaults(said: ReportWords, faults: readonly FieldFault[]): Html {
  return html`<div role="alert">
    <p>${said.wrong}</p>
    <ul>
      ${faults.map(
        ({ field, kind }) =>
          html`<li>
            <a href="#${field}">${toLabel(said, field)}</a>
            <span id="${field}-fault">${toSentence(said, kind)}</span>
          </li>`,
      )}
    </ul>
  </div>`
}

function toSentence({ faults, tooLong }: ReportWords, kind: FieldFault['kind']): string {
  return typeof kind === 'string' ? faults[kind] : tooLong(kind.longerThan)
}

function toLabel(said: ReportWords, field: string): string {
  switch (field) {
    case 'what':
    case 'impact':
    case 'reproduction':
    case 'contact':
    case 'credit':
    case 'name':
      return said[field]
    default:
      return field
  }
}

function describedBy(name: string, hint: string, faults: readonly FieldFault[]): Html | false {
  const isWrong = faults.some(({ field }) => field === name)
  const ids = [...(hint === '' ? [] : [`${name}-hint`]), ...(isWrong ? [`${name}-fault`] : [])]
  if (ids.length === 0) return false
  return isWrong
    ? html`aria-invalid="true" aria-describedby="${ids.join(' ')}"`
    : html`aria-describedby="${ids.join(' ')}"`
}
