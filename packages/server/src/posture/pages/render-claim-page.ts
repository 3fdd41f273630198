import { html, type Html } from '@gatehouse/kernel/endpoint'
import type { Language } from '../sentence.ts'
import type { Claim } from '../define-claim.ts'
import type { ClaimView, PostureView } from '../usecases/read-posture.ts'
import { pageWords } from './page-words.ts'
import { renderFrame, renderReason, renderStrip, showFigures, showMinute } from './render-frame.ts'

/** The page of one claim: the claim, its reason, the method of its probe, its results, and how to repeat the probe. */
export function renderClaimPage(
  view: ClaimView,
  { policyDateMs, circumstances }: PostureView,
  language: Language,
  publicUrl: string,
): string {
  const words = pageWords[language]
  const { claim, sentence, shown, because, evidence } = view
  const tone = { holds: 'good', fails: 'bad', unknown: 'none', stated: 'none', overdue: 'bad' }[shown]
  return renderFrame({
    title: sentence[language],
    language,
    toRoot: '..',
    body: html`<p class="banner ${tone}">
        <strong>${words.shown[shown]}</strong>${
          because !== null && html`<br />${renderReason(because, language)}`
        }
      </p>
      <p class="soft">
        <code>${claim.id}</code> · ${claim.control} ·
        ${
          policyDateMs === null
            ? words.notSince
            : words.policySince(showMinute(policyDateMs).slice(0, 10), circumstances.policy.slice(0, 12))
        }
      </p>
      <h2>${words.why}</h2>
      <p>${claim.why[language]}</p>
      ${renderMethod(claim, language)}
      <p class="soft">${words.kept}: <code>${claim.owner}</code></p>
      ${
        claim.sources.length > 0 &&
        html`<h2>${words.sources}</h2>
          <ul lang="en">
            ${claim.sources.map(({ row, says }) => html`<li>${row}: ${says}</li>`)}
          </ul>`
      }
      ${claim.kind === 'verified' && renderResults(evidence, language)}
      ${claim.kind === 'verified' && renderYourself(claim, language, publicUrl)}`,
  })
}

function renderMethod(claim: Claim, language: Language): Html {
  const { columns, ...words } = pageWords[language]
  if (claim.kind === 'stated')
    return html`<p>
      ${columns.by}: <span lang="en">${claim.statedBy}</span> · ${columns.document}: ${claim.document} ·
      ${columns.review}: ${claim.reviewBy}
    </p>`
  return html`<h2>${words.how}</h2>
    <p>${claim.method[language]} ${words.kinds[claim.probe.kind]} ${words.every(claim.everyMinutes)}</p>`
}

function renderResults(evidence: ClaimView['evidence'], language: Language): Html {
  const { columns, ...words } = pageWords[language]
  if (evidence.length === 0)
    return html`<h2>${words.results(0)}</h2>
      <p>${words.none}</p>`
  return html`<h2>${words.results(evidence.length)}</h2>
    <p>${renderStrip(evidence, language)}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">${columns.verdict}</th>
          <th scope="col">${columns.at}</th>
          <th scope="col">${columns.seen}</th>
        </tr>
      </thead>
      <tbody>
        ${evidence.map(
          ({ verdict, ended, figures, because }) =>
            html`<tr>
              <td class="w ${verdict}">${words.shown[verdict]}</td>
              <td class="n w">${showMinute(Date.parse(ended))}</td>
              <td class="n">
                ${because !== null && renderReason(because, language)}
                ${because !== null && Object.keys(figures).length > 0 && ' · '}${showFigures(figures, language)}
              </td>
            </tr> `,
        )}
      </tbody>
    </table>`
}

function renderYourself(
  { id, probe }: Extract<Claim, { kind: 'verified' }>,
  language: Language,
  publicUrl: string,
): Html {
  const words = pageWords[language]
  const target = probe.kind === 'outside' ? ` --target ${publicUrl}` : ''
  return html`<h2>${words.yourself}</h2>
    <pre tabindex="0">gatehouse posture verify --only ${id}${target}</pre>
    <p><a href="../.well-known/posture/${id}.json">${id}.json</a></p>`
}

export function renderUnknownClaim(language: Language): string {
  const words = pageWords[language]
  return renderFrame({ title: words.unknownClaim, language, toRoot: '..', body: html`` })
}
