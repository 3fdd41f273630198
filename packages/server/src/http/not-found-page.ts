import { type Html, html } from '@gatehouse/kernel/endpoint'

/** The 404 page for browsers: no script, no style, nothing from a third party. */
export function renderNotFoundPage(publicPath: string): string {
  return render(
    'There is nothing here · Gatehouse',
    html`<p><a href="${publicPath}/app">To the dashboard</a></p>`,
  )
}

/** The same at a host of a customer, which leads to nothing else of the instance, and does not name it. */
export function renderNothingHere(): string {
  return render('There is nothing here')
}

function render(title: string, link?: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
      </head>
      <body>
        <main>
          <h1>There is nothing here</h1>
          <p>The address may be mistyped, or what it named is gone.</p>
          ${link}
        </main>
      </body>
    </html>`.markup
}

/** Whether the client expects pages: a browser's navigation accepts HTML, a program's call does not. */
export function readsPages(method: string | undefined, accept: string | undefined): boolean {
  return (method === 'GET' || method === 'HEAD') && /\btext\/html\b/i.test(accept ?? '')
}
