import { readFileSync } from 'node:fs'
import { html, type Html } from '@gatehouse/kernel/endpoint'
import { renderMarkdown } from './render-markdown.ts'
import { renderPage } from './render-page.ts'

const root = new URL('../../../../', import.meta.url)

type Text = 'SECURITY.md' | 'SECURITY_HALL_OF_FAME.md'

export function readText(file: Text): string {
  return readFileSync(new URL(file, root), 'utf8')
}

/**
 * Renders a text of the repository's root folder as a page. Links to other such files become links to their pages;
 * `addition` is content of this instance.
 */
export function renderText(title: string, file: Text, addition?: Html): string {
  const text = readText(file)
    .replaceAll('(SECURITY_HALL_OF_FAME.md)', '(hall-of-fame)')
    .replaceAll('(SECURITY.md)', '(security)')
  return renderPage({ title, toRoot: '..', body: html`${renderMarkdown(text)}${addition}` })
}
