import { toFontCss, withTokens } from '@gatehouse/kernel/design'
import { type Endpoint, html, type Html } from '@gatehouse/kernel/endpoint'
import { publicFonts } from '../service/public-fonts.ts'

export type ListedProblem = { readonly code: string; readonly summary: string }

type Page = {
  readonly title: string
  /** The relative path from the page's folder to the root of the instance, so that it works below any path prefix. */
  readonly toRoot: '.' | '..' | '../..'
  readonly body: Html
}

export function renderPage({ title, toRoot, body }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · Gatehouse</title>
        <link rel="stylesheet" href="${toRoot}/docs/style.css" />
      </head>
      <body>
        <nav><a href="${toRoot}/docs">Documentation</a> · <a href="${toRoot}/docs/problems">Problems</a></nav>
        <main>${body}</main>
      </body>
    </html>`.markup
}

/** Operations by the part of the API (tag) that they belong to, sorted by its name. */
export function partsOf(endpoints: readonly Endpoint[]): ReadonlyMap<string, readonly Endpoint[]> {
  return new Map([...Map.groupBy(endpoints, ({ tag }) => tag)].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

export function renderIndex(endpoints: readonly Endpoint[], problems: readonly ListedProblem[]): string {
  return renderPage({
    title: 'Documentation',
    toRoot: '.',
    body: html`<h1>Documentation</h1>
      <p>
        <a href="./openapi.json">openapi.json</a> describes every operation in full, with an example of each.
        What goes wrong is one of <a href="./docs/problems">${problems.length} problems</a>.
      </p>
      <h2>Operations</h2>
      <ul>
        ${[...partsOf(endpoints)].map(
          ([part, operations]) =>
            html`<li>
              <a href="./docs/operations/${encodeURIComponent(part)}">${part}</a>: ${operations.length}
            </li>`,
        )}
      </ul>`,
  })
}

/** A page with every operation of a part, for full-text search in the browser. */
export function renderOperations(part: string, operations: readonly Endpoint[]): string {
  return renderPage({
    title: part,
    toRoot: '../..',
    body: html`<h1>${part}</h1>
      <ul>
        ${operations.map(
          ({ method, path, summary }) => html`<li><code>${method} ${path}</code> ${summary}</li>`,
        )}
      </ul>`,
  })
}

export function renderUnknownPart(): string {
  return renderPage({
    title: 'Unknown part',
    toRoot: '../..',
    body: html`<h1>Unknown part</h1>
      <p>The API has no part of that name. <a href="../../docs">Documentation</a> lists them.</p>`,
  })
}

const fonts = toFontCss((name) => `fonts/${publicFonts[name].file}`)

export const stylesheet = `${fonts}
${withTokens(`
body{margin:0 auto;max-width:46rem;padding:var(--space-24) var(--space-16) var(--space-48);background:var(--page);color:var(--ink);font:var(--text-16)/1.55 var(--font);overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
nav{padding-bottom:var(--space-12);border-bottom:1px solid var(--line);color:var(--soft);font-size:var(--text-14)}
h1{font-size:var(--text-28);line-height:1.25;letter-spacing:-.015em;font-weight:var(--weight-title)}
h2{margin-top:var(--space-32);font-size:var(--text-20);line-height:var(--line-title);font-weight:var(--weight-title)}
h3{font-size:var(--text-16);font-weight:var(--weight-title)}
a{color:var(--accent)}
code,pre{font-family:var(--mono);font-size:var(--text-14)}
pre{padding:var(--space-12) var(--space-16);overflow-x:auto;background:var(--side);border:1px solid var(--line);border-radius:var(--radius-card)}
ul{padding-left:var(--space-24)}
table{border-collapse:collapse;font-size:var(--text-14)}
dt,label{font-weight:var(--weight-title)}
dt{margin-top:var(--space-12)}
dd{margin-left:0}
input:not([type=checkbox]),textarea{box-sizing:border-box;width:100%;margin-top:var(--space-8);padding:var(--space-8);background:var(--side);border:1px solid var(--line);border-radius:var(--radius-control);color:var(--ink);font:inherit}
textarea{font-family:var(--mono);font-size:var(--text-14)}
[aria-invalid]{border-color:var(--accent)}
[role=alert]{padding:0 var(--space-16);border:1px solid var(--line);border-radius:var(--radius-card)}
button{padding:var(--space-8) var(--space-16);background:var(--accent);border:0;border-radius:var(--radius-control);color:var(--page);font:inherit;cursor:pointer}
th,td{padding:var(--space-8) var(--space-16) var(--space-8) 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:var(--radius-control)}
`)}
`
