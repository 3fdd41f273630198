import { html, type Html } from '@gatehouse/kernel/endpoint'

export type Credit = { readonly name: string; readonly what: string; readonly creditedAtMs: number }

/** The people who reported to this instance, in addition to those in the file. */
export function renderCredits(credits: readonly Credit[]): Html | undefined {
  if (credits.length === 0) return undefined
  return html`<h2>Reported to this instance</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        ${credits.map(
          ({ name, what, creditedAtMs }) =>
            html`<tr>
              <td>${new Date(creditedAtMs).toISOString().slice(0, 10)}</td>
              <td>${name}</td>
              <td>${what}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}
