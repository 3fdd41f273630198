import { html, type Html } from '@gatehouse/kernel/endpoint'
import { owaspRisksIn } from '../owasp.ts'
import type { Language } from '../sentence.ts'
import type { ClaimView, Shown } from '../usecases/read-posture.ts'
import { pageWords } from './page-words.ts'

/** A risk stands as its worst claim does. */
const worstFirst: readonly Shown[] = ['fails', 'unknown', 'holds']

/** The same results once more, by the risks that they answer. */
export function renderRisks(claims: readonly ClaimView[], language: Language): Html {
  const { columns, ...words } = pageWords[language]
  return html`<h2>${words.risks}</h2>
    <p>${words.risksHint}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">${columns.verdict}</th>
          <th scope="col">${columns.risk}</th>
          <th scope="col">${columns.answers}</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(owaspRisksIn[language]).map(([risk, title]) =>
          renderRisk(
            `${risk} ${title}`,
            claims.filter(({ claim }) => claim.kind === 'verified' && claim.owasp?.includes(risk)),
            language,
          ),
        )}
      </tbody>
    </table>`
}

function renderRisk(title: string, answers: readonly ClaimView[], language: Language): Html {
  const words = pageWords[language]
  const worst = worstFirst.find((verdict) => answers.some(({ shown }) => shown === verdict)) ?? 'unknown'
  return html`<tr>
    <td class="w ${worst}">${words.shown[worst]}</td>
    <td>${title}</td>
    <td class="n">
      ${answers.map(
        ({ claim: { id }, shown }, index) =>
          html`${index > 0 && ' · '}<a class="${shown}" href="./security/${id}?lang=${language}">${id}</a
            >${shown !== 'holds' && ` (${words.shown[shown]})`}`,
      )}
    </td>
  </tr> `
}
