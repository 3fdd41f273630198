import { html, type Html } from '@gatehouse/kernel/endpoint'
import { type OwaspRisk, owaspRisksIn } from '../owasp.ts'
import type { Language } from '../sentence.ts'
import type { ClaimView, PostureView, Shown } from '../usecases/read-posture.ts'
import { pageWords } from './page-words.ts'
import { answersOf, renderRisks } from './render-risks.ts'
import {
  renderFrame,
  renderReason,
  renderStrip,
  showFigures,
  showMinute,
  showMoment,
} from './render-frame.ts'

/** The order on the page: what needs attention comes first. */
const order: readonly Shown[] = ['fails', 'overdue', 'unknown', 'holds', 'stated']

/** The security page: all claims, or, if a risk is named, the claims that answer it. */
export function renderSecurityPage(
  view: PostureView,
  language: Language,
  publicUrl: string,
  risk?: OwaspRisk,
): string {
  const words = pageWords[language]
  const { summary, policyDateMs, circumstances, nowMs } = view
  const tone = summary.fails > 0 ? 'bad' : summary.unknown > 0 ? 'none' : 'good'
  const since =
    policyDateMs === null
      ? words.notSince
      : words.policySince(showMinute(policyDateMs).slice(0, 10), circumstances.policy.slice(0, 12))
  return renderFrame({
    title: words.title(new URL(publicUrl).host),
    language,
    toRoot: '.',
    ...(risk === undefined ? {} : { part: `risk=${risk}` }),
    body: html`<p class="banner ${tone}">
        <strong>${words.banner(summary)}</strong><br />${words.standing(summary)}
      </p>
      <p class="soft">${words.asOf(`${showMinute(nowMs)} UTC`)} ${since}</p>
      ${
        risk === undefined
          ? html`${renderVerified(view, language, words.verified)} ${renderRisks(view.claims, language)}
            ${renderDeviations(view, language)} ${renderStated(view, language)}
            ${renderYourself(language, publicUrl)}`
          : renderVerified(
              { ...view, claims: answersOf(view.claims, risk) },
              language,
              `${risk} ${owaspRisksIn[language][risk]}`,
            )
      }`,
  })
}

function inOrder(claims: readonly ClaimView[], kind: 'verified' | 'stated'): readonly ClaimView[] {
  return claims
    .filter(({ claim }) => claim.kind === kind)
    .toSorted((a, b) => order.indexOf(a.shown) - order.indexOf(b.shown))
}

function renderVerified({ claims, nowMs }: PostureView, language: Language, title: string): Html {
  const { columns, ...words } = pageWords[language]
  return html`<h2>${title}</h2>
    <p>${words.verifiedHint}</p>
    <table class="v">
      <thead>
        <tr>
          <th scope="col">${columns.verdict}</th>
          <th scope="col">${columns.claim}</th>
          <th scope="col">${columns.seen}</th>
          <th scope="col">${columns.at}</th>
          <th scope="col">${columns.history}</th>
        </tr>
      </thead>
      <tbody>
        ${inOrder(claims, 'verified').map((view) => renderRow(view, language, nowMs))}
      </tbody>
    </table>`
}

function renderRow(
  { claim, sentence, shown, because, figures, endedMs, evidence }: ClaimView,
  language: Language,
  nowMs: number,
): Html {
  const words = pageWords[language]
  return html`<tr>
    <td class="${shown}">${words.shown[shown]}</td>
    <td>
      <a href="security/${claim.id}?lang=${language}">${sentence[language]}</a
      >${because !== null && html`<br />${renderReason(because, language)}`}
    </td>
    <td>${showFigures(figures, language)}</td>
    <td>${endedMs === null ? words.never : showMoment(endedMs, nowMs)}</td>
    <td>${renderStrip(evidence, language)}</td>
  </tr> `
}

function renderDeviations({ deviations }: PostureView, language: Language): Html {
  const words = pageWords[language]
  if (deviations.length === 0)
    return html`<h2>${words.deviations}</h2>
      <p>${words.noDeviations}</p>`
  return html`<h2>${words.deviations}</h2>
    <ul>
      ${deviations.map(
        ({ setting, control, sentence, declared }) =>
          html`<li>
            <code>${setting}</code> (${control}): ${sentence[language]}
            ${
              declared === undefined
                ? words.undeclared
                : words.declared(declared.reason, declared.owner, declared.retireBy)
            }
          </li> `,
      )}
    </ul>`
}

function renderStated({ claims }: PostureView, language: Language): Html {
  const { columns, ...words } = pageWords[language]
  return html`<h2>${words.stated}</h2>
    <p>${words.statedHint}</p>
    <table class="v">
      <thead>
        <tr>
          <th scope="col">${columns.verdict}</th>
          <th scope="col">${columns.claim}</th>
          <th scope="col">${columns.by}</th>
          <th scope="col">${columns.document}</th>
          <th scope="col">${columns.review}</th>
        </tr>
      </thead>
      <tbody>
        ${inOrder(claims, 'stated').map(
          ({ claim, sentence, shown }) =>
            claim.kind === 'stated' &&
            html`<tr>
              <td class="${shown}">${words.shown[shown]}</td>
              <td><a href="security/${claim.id}?lang=${language}">${sentence[language]}</a></td>
              <td lang="en">${claim.statedBy}</td>
              <td>${claim.document}</td>
              <td>${claim.reviewBy}</td>
            </tr> `,
        )}
      </tbody>
    </table>`
}

function renderYourself(language: Language, publicUrl: string): Html {
  const words = pageWords[language]
  return html`<h2>${words.yourself}</h2>
    <p>${words.yourselfHint}</p>
    <pre tabindex="0">
curl -O ${publicUrl}/.well-known/posture.json
curl -O ${publicUrl}/.well-known/gatehouse-keys.json
curl -O ${publicUrl}/.well-known/verify-posture.mjs
node verify-posture.mjs posture.json gatehouse-keys.json
gatehouse posture verify --target ${publicUrl}</pre>
    <p>
      <a href="./.well-known/posture.json">posture.json</a> ·
      <a href="./.well-known/posture.cdx.json">CycloneDX</a> · <a href="./security/badge.svg">badge.svg</a>
    </p>`
}
