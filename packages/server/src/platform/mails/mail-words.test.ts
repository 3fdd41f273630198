import { expect, it } from 'vitest'
import { languages } from '../domain/language.ts'
import { accountExistsWords, invitationWords } from './mail-words.ts'
import { renderMail } from '../../mail/index.ts'

const facts = { role: 'member', url: 'https://gate.example.com/invite?token=abc', days: 7 } as const

it.each(languages)('names that people chose are escaped in HTML, in %s', (language) => {
  const name = 'Mallory <script>\r\nBcc: everyone@example.com "Acme" & Sons'
  const { html, subject } = renderMail(language, accountExistsWords(language, { name, url: facts.url }))
  expect(html.markup).not.toContain('<script>')
  expect(html.markup).toContain('Mallory &lt;script&gt;')
  expect(html.markup).toContain('&quot;Acme&quot; &amp; Sons')
  expect(subject).not.toMatch(/[\r\n]/)
})

it.each(languages)('plain text carries the link by itself on a line, in %s', (language) => {
  expect(renderMail(language, invitationWords(language, facts)).text.split('\n')).toContain(facts.url)
})
