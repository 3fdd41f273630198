import { type Html, html } from '@gatehouse/kernel/endpoint'
import { type PageView, toBelow } from './page-view.ts'
import type { PageLanguage } from './page-words.ts'
import { renderDocument } from './render-document.ts'
import { type SubscribeFault, subscribeWords } from './subscribe-words.ts'

const root = '../'

/** The form with every choice, at an address of its own, so that the page itself stays light. */
export function renderSubscribe(view: PageView, language: PageLanguage, fault?: SubscribeFault): string {
  const words = subscribeWords[language]
  return renderDocument(
    language,
    `${words.title} — ${view.name}`,
    html`<main class="missing">
      <h1>${words.title}</h1>
      <p class="quiet">${words.about(view.name)}</p>
      ${fault !== undefined && html`<p role="alert">${words.faults[fault]}</p>`}
      ${view.takesMail && renderMailForm(view, language)} ${renderWebhookForm(view, language)}
      <p><a href="../${view.place}?lang=${language}">${words.back}</a></p>
    </main>`,
    { root },
  )
}

function renderMailForm(view: PageView, language: PageLanguage): Html {
  const words = subscribeWords[language]
  return html`<form method="post" action="subscribe?lang=${language}">
    <label for="email">${words.email}</label>
    <input id="email" name="email" type="email" autocomplete="email" required />
    ${renderComponents(view, language)}
    <button>${words.ask}</button>
  </form>`
}

function renderWebhookForm(view: PageView, language: PageLanguage): Html {
  const words = subscribeWords[language]
  return html`<details>
    <summary>${words.webhook}</summary>
    <form method="post" action="subscribe?lang=${language}">
      <p class="quiet">${words.webhookHint}</p>
      <label for="webhook">${words.webhookUrl}</label>
      <input id="webhook" name="webhookUrl" type="url" placeholder="https://" required />
      ${renderComponents(view, language)}
      <button>${words.ask}</button>
    </form>
  </details>`
}

/** What the owner of a webhook keeps; it is not shown again. */
export function renderMade(
  { view, language }: { readonly view: PageView; readonly language: PageLanguage },
  { secret, unsubscribeUrl }: { readonly secret: string; readonly unsubscribeUrl: string },
): string {
  const words = subscribeWords[language]
  return renderDocument(
    language,
    `${words.made} — ${view.name}`,
    html`<main class="missing">
      <h1>${words.made}</h1>
      <p class="quiet">${words.madeHint}</p>
      <dl>
        <dt>${words.secret}</dt>
        <dd><code>${secret}</code></dd>
        <dt>${words.ending}</dt>
        <dd><code>${unsubscribeUrl}</code></dd>
      </dl>
      <p><a href="../${view.place}?lang=${language}">${words.back}</a></p>
    </main>`,
    { root },
  )
}

/** Nothing chosen is everything. */
function renderComponents(view: PageView, language: PageLanguage): Html | false {
  const words = subscribeWords[language]
  if (view.components.length < 2) return false
  return html`<fieldset>
    <legend>${words.components}</legend>
    ${view.components.map(
      ({ id, name }) =>
        html`<label class="pick"><input type="checkbox" name="component" value="${id}" />${name}</label>`,
    )}
    <p class="quiet">${words.noneIsAll}</p>
  </fieldset>`
}

/** The same for every address. */
export function renderAsked(view: PageView, language: PageLanguage): string {
  const words = subscribeWords[language]
  return renderDocument(
    language,
    `${words.asked} — ${view.name}`,
    html`<main class="missing">
      <h1>${words.asked}</h1>
      <p class="quiet">${words.askedHint}</p>
      <p><a href="../${view.place}?lang=${language}">${words.back}</a></p>
    </main>`,
    { root },
  )
}

/** The short form on the page itself. */
export function renderSubscribeSection(view: PageView, language: PageLanguage): Html {
  const words = subscribeWords[language]
  const href = `${toBelow(view)}subscribe?lang=${language}`
  return html`<section class="aside" aria-labelledby="subscribe">
    <h2 id="subscribe">${words.title}</h2>
    ${
      view.takesMail &&
      html`<form class="ask" method="post" action="${href}">
        <label for="email">${words.email}</label>
        <div>
          <input id="email" name="email" type="email" autocomplete="email" required />
          <button>${words.ask}</button>
        </div>
      </form>`
    }
    <p class="quiet"><a href="${href}">${words.more}</a></p>
  </section>`
}
