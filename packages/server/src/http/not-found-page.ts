import { html } from '@gatehouse/kernel/endpoint'

/** The 404 page for browsers: no script, no style, nothing from a third party. */
export function renderNotFoundPage(publicPath: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>There is nothing here · Gatehouse</title>
      </head>
      <body>
        <main>
          <h1>There is nothing here</h1>
          <p>The address may be mistyped, or what it named is gone.</p>
          <p><a href="${publicPath}/app">To the dashboard</a></p>
        </main>
      </body>
    </html>`.markup
}

/** Whether the client expects pages: a browser's navigation accepts HTML, a program's call does not. */
export function readsPages(method: string | undefined, accept: string | undefined): boolean {
  return (method === 'GET' || method === 'HEAD') && /\btext\/html\b/i.test(accept ?? '')
}
