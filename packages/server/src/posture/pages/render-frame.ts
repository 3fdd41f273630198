import { toFontCss, withTokens } from '@gatehouse/kernel/design'
import { html, type Html } from '@gatehouse/kernel/endpoint'
import { publicFonts } from '../../service/public-fonts.ts'
import type { Language } from '../sentence.ts'
import type { Evidence } from '../domain/evidence.ts'
import { pageWords } from './page-words.ts'
import { tellFigures } from './tell-figures.ts'
import { tellReason } from './tell-reason.ts'

export type Frame = {
  readonly title: string
  readonly language: Language
  /** The relative path from the page's folder to the root of the instance, so that it works below any path prefix. */
  readonly toRoot: '.' | '..'
  /** The query for a part of the security page, such as `risk=API1`. */
  readonly part?: string
  readonly body: Html
}

/** The frame of a public page: no script, nothing from third parties, one stylesheet. */
export function renderFrame({ title, language, toRoot, part, body }: Frame): string {
  const { nav } = pageWords[language]
  const other = language === 'en' ? 'ja' : 'en'
  const markup = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="stylesheet" href="${toRoot}/security/style.css" />
      </head>
      <body>
        <nav>
          ${
            (toRoot === '..' || part !== undefined) &&
            html`<a href="${toRoot}/security?lang=${language}">${nav.back}</a>`
          }
          <a href="${toRoot}/security/incidents?lang=${language}">${nav.incidents}</a>
          <a href="${toRoot}/docs/security">${nav.policy}</a>
          <a href="?${part === undefined ? '' : `${part}&`}lang=${other}" lang="${other}">${nav.other}</a>
        </nav>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `
  return withoutIndent(markup.markup)
}

/**
 * Removes the indentation, and end tags and quotes that HTML does not need: they would be half of a page of many
 * claims. Text is escaped, so it contains none of them.
 */
function withoutIndent(markup: string): string {
  return markup
    .replaceAll(/\n\s+/g, '\n')
    .replaceAll(/\s*<\/(?:td|th|tr|thead|tbody|li)>\s*/g, '')
    .replaceAll(/>\n</g, '><')
    .replaceAll(/(<t[dhr][^>]*>)\s+/g, '$1')
    .replaceAll(' />', '>')
    .replaceAll(/ (class|href|scope|lang|role|aria-label)="([\w./-]*\w)"/g, ' $1=$2')
}

/** The time as `08:15` on the day of `nowMs`, and with the date on any other day. */
export function showMoment(ms: number, nowMs: number): string {
  const [moment, now] = [showMinute(ms), showMinute(nowMs)]
  return moment.slice(0, 10) === now.slice(0, 10) ? moment.slice(11) : moment
}

/** A time such as `2026-11-30 08:15`, in UTC. */
export function showMinute(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

export function showFigures(figures: Evidence['figures'], language: Language): string {
  return tellFigures(figures, language).join(language === 'ja' ? '、' : ', ')
}

/** The reason of a result, in small type below it. */
export function renderReason(because: string, language: Language): Html {
  const told = tellReason(because, language)
  return told.language === language
    ? html`<small>${told.text}</small>`
    : html`<small lang="${told.language}">${told.text}</small>`
}

const marks = { holds: '|', fails: 'x', unknown: '?' } as const

/** The newest results, oldest first, one mark each. */
export function renderStrip(evidence: readonly Evidence[], language: Language): Html {
  const words = pageWords[language]
  if (evidence.length === 0) return html`${words.none}`
  const held = evidence.filter(({ verdict }) => verdict === 'holds').length
  const text = evidence
    .map(({ verdict }) => marks[verdict])
    .toReversed()
    .join('')
  return html`<i role="img" aria-label="${held}/${evidence.length}">${text}</i>`
}

const fonts = toFontCss((name) => `../docs/fonts/${publicFonts[name].file}`)

export const stylesheet = `${fonts}
${withTokens(`
body{margin:0 auto;max-width:72rem;padding:var(--space-24) var(--space-16) var(--space-48);font:var(--text-16)/1.5 var(--font);color:var(--ink);background:var(--page);overflow-wrap:anywhere}
a{color:inherit}
a:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
nav{display:flex;flex-wrap:wrap;gap:var(--space-4) var(--space-24);font-size:var(--text-14)}
nav a{padding:var(--space-4) 0}
h1{font-size:var(--text-28);line-height:1.25;font-weight:var(--weight-title);margin:var(--space-24) 0 var(--space-12)}
h2{font-size:var(--text-20);font-weight:var(--weight-title);margin:var(--space-32) 0 var(--space-8)}
p{margin:var(--space-8) 0;max-width:46rem}
.banner{border-left:6px solid var(--unknown);padding:var(--space-8) var(--space-16);max-width:none}
.banner.good{border-color:var(--ok)}
.banner.bad{border-color:var(--down)}
.soft{color:var(--soft);font-size:var(--text-14)}
table{border-collapse:collapse;width:100%;margin-top:var(--space-12)}
th,td{text-align:start;vertical-align:top;padding:var(--space-8) var(--space-12) var(--space-8) 0;border-bottom:1px solid var(--line)}
th{font-size:var(--text-13);font-weight:var(--weight-label);color:var(--soft);white-space:nowrap}
td{font-size:var(--text-14)}
.n{font-size:var(--text-13);color:var(--soft);font-variant-numeric:tabular-nums}
.w,.v td:first-child,.v td:nth-child(n+4){white-space:nowrap}
.v td:nth-child(n+3){font-size:var(--text-13);color:var(--soft);font-variant-numeric:tabular-nums}
small{font-size:var(--text-13);color:var(--soft)}
.banner small{font-size:inherit;color:inherit}
i{font-style:normal;font-family:var(--mono);font-weight:var(--weight-title)}
.holds{color:var(--ok)}
.fails,.overdue{color:var(--down);font-weight:var(--weight-title)}
.unknown{color:var(--soft)}
pre{overflow-x:auto;padding:var(--space-12) var(--space-16);border:1px solid var(--line);font-size:var(--text-13)}
@media (max-width:44rem){thead{position:absolute;clip-path:inset(50%)}tr{display:block;padding:var(--space-12) 0;border-bottom:1px solid var(--line)}td{display:block;border:0;padding:var(--space-2) 0}}
`)}`
