import { hash } from 'node:crypto'
import { expect, it } from 'vitest'
import { renderLinkPage } from './render-link-page.ts'

it('a page behind a link may apply the very style that it brings, and nothing else', () => {
  const words = { ask: 'Do it?', done: 'Done.', expired: 'Too late.', button: 'Yes' }
  const { body, headers } = renderLinkPage(words, 'ask', 'en')
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(typeof body === 'string' ? body : '') ?? []
  expect(style).toContain('--ink:')
  expect(headers['content-security-policy']).toContain(
    `style-src 'sha256-${hash('sha256', style, 'base64')}';`,
  )
  expect(headers['content-security-policy']).not.toContain('unsafe')
})
