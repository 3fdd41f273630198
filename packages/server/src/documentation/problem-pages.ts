import { readdirSync, readFileSync } from 'node:fs'
import { html, type Html } from '@gatehouse/kernel/endpoint'
import { renderMarkdown } from './render-markdown.ts'
import { type ListedProblem, renderPage } from './render-page.ts'

export type ProblemPages = {
  readonly list: () => readonly ListedProblem[]
  readonly renderList: () => Html
  /** The page of a problem code; undefined when no answer has this code. */
  readonly render: (code: string) => string | undefined
  readonly renderUnknown: () => string
}

const folder = new URL('../../../../docs/problems/', import.meta.url)

/** The pages of `docs/problems`, to which error answers link. Read at the first request. */
export function createProblemPages(): ProblemPages {
  let read: ReadonlyMap<string, string> | undefined
  const texts = (): ReadonlyMap<string, string> => (read ??= readTexts())
  const list = (): readonly ListedProblem[] =>
    [...texts()].map(([code, text]) => ({ code, summary: /^Status .*$/m.exec(text)?.[0] ?? '' }))
  const renderList = (): Html =>
    html`<h1>Problems</h1>
      <ul>
        ${list().map(({ code, summary }) => html`<li><a href="problems/${code}">${code}</a>: ${summary}</li>`)}
      </ul>`
  return {
    list,
    renderList,
    render: (code) => {
      const text = texts().get(code)
      if (text === undefined) return undefined
      return renderPage({ title: code, toRoot: '../..', body: renderMarkdown(text) })
    },
    renderUnknown: () =>
      renderPage({
        title: 'Unknown problem',
        toRoot: '../..',
        body: html`<h1>Unknown problem</h1>
          <p>No answer of this version has that code. <a href="../problems">All problems</a></p>`,
      }),
  }
}

function readTexts(): ReadonlyMap<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.md'))
  return new Map(
    files.toSorted().map((file) => [file.slice(0, -3), readFileSync(new URL(file, folder), 'utf8')]),
  )
}
