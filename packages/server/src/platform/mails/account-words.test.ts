import { expect, it } from 'vitest'
import { type Language, languages } from '../domain/language.ts'
import * as words from './account-words.ts'
import { newDeviceWords } from './device-words.ts'
import type { MailWords } from '../../mail/index.ts'
import { renderMail } from '../../mail/index.ts'
import { teamDeletionWords } from './team-words.ts'

const name = 'Mallory <script>\r\nBcc: everyone@example.com'
const url = 'https://gate.example.com/x?token=abc&y'
const at = '2026-06-01T12:00:00.000Z'

const all: Readonly<Record<string, (language: Language) => MailWords>> = {
  passwordReset: (language) => words.passwordResetWords(language, { name, url, minutes: 60 }),
  passwordChanged: (language) => words.passwordChangedWords(language, { name, url, ip: '192.0.2.1', at }),
  addressProof: (language) => words.addressProofWords(language, { name, url, hours: 24 }),
  emailChange: (language) => words.emailChangeWords(language, { name, url, hours: 24 }),
  addressTaken: (language) => words.addressTakenWords(language, { name, url }),
  emailChanged: (language) =>
    words.emailChangedWords(language, { name, url, email: 'b@example.com', days: 7 }),
  deletionCode: (language) => words.deletionCodeWords(language, { name, code: '1234 5678', minutes: 60 }),
  deletionScheduled: (language) => words.deletionScheduledWords(language, { name, url, at }),
  newDevice: (language) =>
    newDeviceWords(language, { name, browser: '<b>Acme', system: 'Linux', ip: '192.0.2.1', at, url }),
  teamDeletion: (language) => teamDeletionWords(language, { org: name, at, url }),
  deletionBlocked: (language) => words.deletionBlockedWords(language, { name, url, orgs: '<b>Acme</b>' }),
}
const mails = languages.flatMap((language) => Object.keys(all).map((mail) => [mail, language] as const))

it.each(mails)(
  '%s in %s escapes names, keeps its subject on a line and its link by itself',
  (mail, language) => {
    const said = all[mail]?.(language)
    if (said === undefined) throw new Error('There is no such mail')
    const { subject, text, html } = renderMail(language, said)
    expect(subject).not.toMatch(/[\r\n]/)
    expect(html.markup).not.toMatch(/<script>|<b>Acme/)
    expect(html.markup).toContain('Mallory &lt;script&gt;')
    if (said.action !== undefined) expect(text.split('\n')).toContain(url)
  },
)

it('every mail is written in every language', () => {
  for (const toWords of Object.values(all)) {
    const subjects = languages.map((language) => toWords(language).subject)
    expect(new Set(subjects).size).toBe(languages.length)
  }
})
