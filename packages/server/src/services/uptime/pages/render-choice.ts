import { html } from '@gatehouse/kernel/endpoint'
import type { PageLanguage } from './page-words.ts'
import { renderDocument } from './render-document.ts'
import { subscribeWords } from './subscribe-words.ts'

const root = '../status/'

type Choice = {
  readonly page: string
  readonly components: readonly { readonly id: string; readonly name: string }[]
  readonly chosen: readonly string[]
}

/** What one subscriber is told of, to be changed; reached by the link in each mail. */
export function renderChoice(
  { page, components, chosen }: Choice,
  language: PageLanguage,
  outcome?: 'saved' | 'unknown',
): string {
  const words = subscribeWords[language]
  const { title, about, save, saved, single, unknown } = words.choice
  return renderDocument(
    language,
    `${title} — ${page}`,
    html`<main class="missing">
      <h1>${title}</h1>
      <p class="quiet">${about(page)}</p>
      ${outcome !== undefined && html`<p role="${outcome === 'saved' ? 'status' : 'alert'}">${outcome === 'saved' ? saved : unknown}</p>`}
      ${
        components.length < 2
          ? html`<p>${single}</p>`
          : html`<form method="post">
              <fieldset>
                <legend>${words.components}</legend>
                ${components.map(
                  ({ id, name }) =>
                    html`<label class="pick"
                      ><input
                        type="checkbox"
                        name="component"
                        value="${id}"
                        ${chosen.includes(id) && html`checked`}
                      />${name}</label
                    >`,
                )}
                <p class="quiet">${words.noneIsAll}</p>
              </fieldset>
              <button>${save}</button>
            </form>`
      }
    </main>`,
    { root },
  )
}

/** The same for a link that was made up, a subscription that is over, and a page that is not open to its readers. */
export function renderNoChoice(language: PageLanguage): string {
  const { title, ended } = subscribeWords[language].choice
  return renderDocument(
    language,
    title,
    html`<main class="missing">
      <h1>${title}</h1>
      <p class="quiet">${ended}</p>
    </main>`,
    { root },
  )
}
