import { html, type Html } from '@gatehouse/kernel/endpoint'
import { isOwaspRisk, type OwaspRisk, owaspRisksIn } from '../owasp.ts'
import type { Language } from '../sentence.ts'
import type { ClaimView, Shown } from '../usecases/read-posture.ts'
import { pageWords } from './page-words.ts'

/** A risk has the standing of its worst claim. */
const worstFirst: readonly Shown[] = ['fails', 'unknown', 'holds']

/** The verified claims that answer a risk. */
export function answersOf(claims: readonly ClaimView[], risk: OwaspRisk): readonly ClaimView[] {
  return claims.filter(({ claim }) => claim.kind === 'verified' && claim.owasp?.includes(risk))
}

/** A table of the same results by the risks that they answer; each risk has a page with its claims. */
export function renderRisks(claims: readonly ClaimView[], language: Language): Html {
  const { columns, ...words } = pageWords[language]
  return html`<h2>${words.risks}</h2>
    <p>${words.risksHint}</p>
    <table class="v">
      <thead>
        <tr>
          <th scope="col">${columns.verdict}</th>
          <th scope="col">${columns.risk}</th>
          <th scope="col">${columns.answers}</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(owaspRisksIn[language]).map(
          ([risk, title]) => isOwaspRisk(risk) && renderRisk(risk, title, answersOf(claims, risk), language),
        )}
      </tbody>
    </table>`
}

function renderRisk(risk: OwaspRisk, title: string, answers: readonly ClaimView[], language: Language): Html {
  const words = pageWords[language]
  const worst = worstFirst.find((verdict) => answers.some(({ shown }) => shown === verdict)) ?? 'unknown'
  const held = answers.filter(({ shown }) => shown === 'holds')
  const failing = answers.filter(({ shown }) => shown === 'fails')
  return html`<tr>
    <td class="${worst}">${words.shown[worst]}</td>
    <td><a href="security?risk=${risk}&lang=${language}">${risk} ${title}</a></td>
    <td>
      ${words.answered(held.length, answers.length)}${failing.map(
        ({ claim: { id }, shown }) =>
          html` ·
            <a class="${shown}" href="security/${id}?lang=${language}">${id}</a> (${words.shown[shown]})`,
      )}
    </td>
  </tr> `
}
