import { hash } from 'node:crypto'
import { withTokens } from '@gatehouse/kernel/design'
import { contentPolicy, html, type Html } from '@gatehouse/kernel/endpoint'

const style = withTokens(`
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-content:center;padding:var(--space-24);background:var(--page);color:var(--ink);font:var(--text-16)/var(--line-body) var(--font)}
main{max-width:32rem;padding:var(--space-32);background:var(--card);border:1px solid var(--line);border-radius:var(--radius-card)}
h1{margin:0 0 var(--space-12);font-size:var(--text-20);line-height:var(--line-title);font-weight:var(--weight-title)}
p{margin:0 0 var(--space-16)}
p:last-child,form{margin:0}
a{color:var(--accent)}
button{min-height:var(--control-touch);padding:0 var(--space-16);border:0;border-radius:var(--radius-control);background:var(--accent);color:var(--on-accent);font:var(--weight-label) var(--text-16)/1 var(--font);cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
`)

/** The style of a page with one sentence, inline, so that the page loads nothing. */
export const plainStyle: Html = html`<style>
  ${style}
</style>`

// The style exactly as it is in the page, including white space.
const [, applied = ''] = /<style>(.*?)<\/style>/s.exec(plainStyle.markup) ?? []

/** A content policy that allows only that style, and a form that posts to the page itself if there is one. */
export function plainPolicy(formAction?: "'self'"): string {
  return contentPolicy({
    'style-src': `'sha256-${hash('sha256', applied, 'base64')}'`,
    ...(formAction === undefined ? {} : { 'form-action': formAction }),
  })
}
