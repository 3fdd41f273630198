import { type Endpoint, html, type Html } from '@gatehouse/kernel/endpoint'

export type ListedProblem = { readonly code: string; readonly summary: string }

type Page = {
  readonly title: string
  /** From the page's own folder to the root of the instance, so that a path before it does not matter. */
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

/** Operations by the part of the API that they belong to, in the order of its name. */
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

/** Every operation of a part, for those who look for a word. */
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

export const stylesheet = `:root{color-scheme:light dark}
body{margin:0 auto;max-width:46rem;padding:1.5rem 1.25rem 4rem;font:16px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
nav{font-size:.875rem}
h1{font-size:1.5rem}
h2{font-size:1.125rem;margin-top:2rem}
code{font-size:.875em}
ul{padding-left:1.25rem}
`
