import { type Html, html } from '@gatehouse/kernel/endpoint'
import {
  type BarView,
  type ComponentView,
  type IncidentView,
  type MaintenanceView,
  type PageView,
  toBelow,
} from './page-view.ts'
import { type PageLanguage, type PageWords, pageWords } from './page-words.ts'
import { renderDocument } from './render-document.ts'
import { renderSubscribeSection } from './render-subscribe.ts'

/** Renders the status page as one HTML document: no script, one stylesheet, nothing from third parties. */
export function renderPage(view: PageView, language: PageLanguage): string {
  const below = toBelow(view)
  const words = pageWords[language]
  const time = timeWriter(language, view.timeZone)
  const banner =
    view.affected === null
      ? words.indicator[view.indicator]
      : `${view.affected} — ${words.indicator[view.indicator]}`
  return renderDocument(
    language,
    `${view.name} — ${words.indicator[view.indicator]}`,
    html`<header>
        ${renderBrand(view)} ${view.description !== null && html`<p class="about">${view.description}</p>`}
      </header>
      <main>
        <h1 class="banner ${view.indicator}">
          <span class="mark" aria-hidden="true"></span
          ><span>${banner}${view.sinceMs !== null && renderSince(view.sinceMs, words, time)}</span>
        </h1>
        ${
          view.openIncidents.length > 0 &&
          html`<section aria-labelledby="open">
            <h2 id="open">${words.openIncidents}</h2>
            ${view.openIncidents.map((incident) => renderIncident(incident, words, time))}
          </section>`
        }
        <section aria-labelledby="components">
          <h2 id="components">${words.components}</h2>
          ${
            view.components.length === 0
              ? html`<p class="quiet">${words.noComponents}</p>`
              : html`${renderList(view.components, null, words, language)}${view.sections.map(
                  ({ id, name }) =>
                    html`<h3 class="section">${name}</h3>
                      ${renderList(view.components, id, words, language)}`,
                )}`
          }
        </section>
        ${
          view.maintenance.length > 0 &&
          html`<section aria-labelledby="maintenance">
            <h2 id="maintenance">${words.maintenance}</h2>
            ${view.maintenance.map((window) => renderMaintenance(window, words, time))}
          </section>`
        }
        <section aria-labelledby="past">
          <h2 id="past">${words.past}</h2>
          ${view.recentDays.map(
            (day) =>
              html`<section class="day">
                <h3>${dayWriter(language)(day.date)}</h3>
                ${day.incidents.map((incident) => renderIncident(incident, words, time))}
                ${day.stillOpen.map((title) => html`<p class="quiet">${words.stillOpen(title)}</p>`)}
                ${day.continued.map((title) => html`<p class="quiet">${words.continued(title)}</p>`)}
                ${
                  day.incidents.length + day.stillOpen.length + day.continued.length === 0 &&
                  html`<p class="quiet">${words.quiet}</p>`
                }
              </section>`,
          )}
        </section>
        ${renderSubscribeSection(view, language)}
      </main>
      <footer>
        <p>${words.updated} ${time(view.renderedAtMs)}</p>
        <p class="aside">
          ${words.follow}: <a href="${below}history.atom?lang=${language}">${words.feed}</a> ·
          <a href="${below}history.rss?lang=${language}">${words.rss}</a> ·
          <a href="${below}calendar.ics?lang=${language}">${words.calendar}</a>
        </p>
        <p class="aside">
          <a href="?lang=en" hreflang="en">English</a> · <a href="?lang=ja" hreflang="ja">日本語</a>
        </p>
      </footer>`,
    {
      head: html`<link
        rel="alternate"
        type="application/atom+xml"
        title="${words.feed}"
        href="${below}history.atom?lang=${language}"
      />`,
    },
  )
}

function renderSince(ms: number, words: PageWords, time: (ms: number) => Html): Html {
  const [before, after] = words.sinceTime
  return html`<small>${before}${time(ms)}${after}</small>`
}

/** Its logo, or else its name. */
function renderBrand({ logo, name }: PageView): Html {
  if (logo === null) return html`<p class="brand">${name}</p>`
  const { file, width, height } = logo
  return html`<p class="brand">
    <img src="assets/${file}" alt="${name}" width="${width}" height="${height}" />
  </p>`
}

/** The same page for unknown pages and for those that this visitor may not see. */
export function renderNotFound(language: PageLanguage, root?: string): string {
  const words = pageWords[language]
  return renderDocument(
    language,
    words.notFound,
    html`<main class="missing">
      <h1>${words.notFound}</h1>
      <p class="quiet">${words.notFoundHint}</p>
    </main>`,
    { root },
  )
}

/**
 * The password form of a locked page. It discloses nothing about the page, not even its name. `slug`: shown in place of
 * something below the page, so that the form is sent to the page.
 */
export function renderLocked(language: PageLanguage, isWrong: boolean, slug?: string): string {
  const words = pageWords[language]
  return renderDocument(
    language,
    words.locked,
    html`<main class="missing">
      <h1>${words.locked}</h1>
      <p class="quiet">${words.lockedHint}</p>
      <form method="post" ${slug !== undefined && html`action="../${slug}"`}>
        <label for="password">${words.password}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        ${isWrong && html`<p role="alert">${words.wrongPassword}</p>`}
        <button>${words.unlock}</button>
      </form>
    </main>`,
    { root: slug === undefined ? '' : '../' },
  )
}

function renderList(
  all: readonly ComponentView[],
  sectionId: string | null,
  words: PageWords,
  language: PageLanguage,
): Html | false {
  const components = all.filter((component) => component.sectionId === sectionId)
  if (components.length === 0) return false
  return html`<ul class="components">
    ${components.map((component) => renderComponent(component, words, dayWriter(language)))}
  </ul>`
}

function renderComponent(
  component: ComponentView,
  words: PageWords,
  writeDay: (date: string) => string,
): Html {
  const { name, description, state, sectionId } = component
  // One level below the section's heading, if it has one.
  const heading = sectionId === null ? html`<h3>${name}</h3>` : html`<h4>${name}</h4>`
  return html`<li>
    <div class="head">
      ${heading}
      <span class="state ${state}"><span class="mark" aria-hidden="true"></span>${words.state[state]}</span>
    </div>
    ${description !== null && html`<p class="what">${description}</p>`}
    ${component.days.length > 0 && renderDays(component, words, writeDay)}
  </li>`
}

/** The measurements of a component: its bars, its uptime, and the days with incidents. */
function renderDays(
  { uptimePercent, days }: ComponentView,
  words: PageWords,
  writeDay: (date: string) => string,
): Html {
  const first = days.findIndex(({ level }) => level !== 'empty')
  const since = first > 0 ? days[first]?.date : undefined
  const troubled = days.filter(({ downMs }) => downMs > 0)
  const summary =
    uptimePercent === null
      ? words.noData
      : `${since === undefined ? words.uptime(uptimePercent) : words.uptimeSince(uptimePercent, writeDay(since))}; ${words.daysWithDowntime(troubled.length)}`
  return html`${renderBars(days)}
    <div class="scale">
      <span>${since === undefined ? words.daysAgo(days.length) : words.since(writeDay(since))}</span
      ><span class="figure">${summary}</span><span>${words.today}</span>
    </div>
    ${troubled.length > 0 && renderTroubledDays(troubled, words)}`
}

/** One image for all days: the base, with the days that had problems drawn over it. */
function renderBars(days: readonly BarView[]): Html {
  const step = 10
  const bars = days.flatMap(({ level }, index) =>
    level === 'clean'
      ? []
      : [
          html`<rect
            class="${level}"
            x="${index * step}"
            y="${barTop[level]}"
            width="7"
            height="${34 - barTop[level]}"
            rx="1.5"
          />`,
        ],
  )
  return html`<svg
    class="bars"
    viewBox="0 0 ${Math.max(days.length * step - 3, 1)} 34"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <path
      class="base"
      d="${days.map(({ level }, index) => (level === 'clean' ? `M${index * step} 0h7v34h-7z` : '')).join('')}"
    />
    ${bars}
  </svg>`
}

// Levels also differ in height, for readers who cannot tell the colours apart.
const barTop: Readonly<Record<BarView['level'], number>> = {
  clean: 0,
  brief: 10,
  long: 5,
  severe: 0,
  maintenance: 14,
  empty: 27,
}

function renderTroubledDays(days: readonly BarView[], words: PageWords): Html {
  return html`<details>
    <summary>${words.daysWithDowntime(days.length)}</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">${words.dayColumn}</th>
          <th scope="col">${words.downColumn}</th>
        </tr>
      </thead>
      <tbody>
        ${days.map(
          ({ date, downMs }) =>
            html`<tr>
              <td><time datetime="${date}">${date}</time></td>
              <td>${words.minutes(Math.floor(downMs / 60_000))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`
}

function renderIncident(incident: IncidentView, words: PageWords, time: (ms: number) => Html): Html {
  return html`<article class="incident ${incident.impact}" id="incident-${incident.id}">
    <h4>${incident.title}</h4>
    <p class="when">
      ${time(incident.startedAtMs)}${incident.resolvedAtMs !== null && html` – ${time(incident.resolvedAtMs)}`}
    </p>
    <ol class="updates">
      ${incident.updates.map(
        ({ phase, body, atMs }) =>
          html`<li>
            <p><strong>${words.phase[phase]}</strong> ${body}</p>
            <p class="when">${time(atMs)}</p>
          </li>`,
      )}
    </ol>
  </article>`
}

function renderMaintenance(window: MaintenanceView, words: PageWords, time: (ms: number) => Html): Html {
  return html`<article class="incident maintenance">
    <h4>${window.title}</h4>
    <p class="when">
      ${time(window.startsAtMs)} – ${window.endsAtMs === null ? words.untilNotice : time(window.endsAtMs)}
    </p>
    ${
      window.later.length > 0 &&
      html`<p class="when">
        ${words.recurs}
        ${window.later.map(({ startsAtMs }, index) => html`${index > 0 && ', '}${time(startsAtMs)}`)}
      </p>`
    }
    ${window.components.length > 0 && html`<p>${words.affects}: ${window.components.join(', ')}</p>`}
  </article>`
}

function timeWriter(language: PageLanguage, timeZone: string): (ms: number) => Html {
  const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  })
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' })
  return (ms) => {
    const name = zone.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
    return html`<time datetime="${new Date(ms).toISOString()}">${format.format(ms)} ${name}</time>`
  }
}

function dayWriter(language: PageLanguage): (date: string) => string {
  const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  })
  return (date) => format.format(Date.parse(`${date}T00:00:00Z`))
}
