import { describeAttempt } from '@gatehouse/kernel/delivery'
import { expect, it } from 'vitest'
import { toAnswer } from '../../dashboard/src/alerts/to-answer.ts'
import { toUnavailable } from '../../dashboard/src/monitors/to-unavailable.ts'
import { toCause, toCheckMessage, toLastError, toReason } from '../../dashboard/src/to-reason.ts'
import { translations as answers } from '../../dashboard/src/words/answer-words.ts'
import { translations as monitors } from '../../dashboard/src/words/monitor-words.ts'
import { translations } from '../../dashboard/src/words/reason-words.ts'
import { writeAnswer } from '../src/services/uptime/destinations/answer-text.ts'
import type { MessageValues } from '../src/services/uptime/domain/assess.ts'
import { sentences, writeMessage } from '../src/services/uptime/messages.ts'
import { httpFaults } from '../src/services/uptime/monitor-types/http-faults.ts'
import { lookSentences } from '../src/services/uptime/monitor-types/look-faults.ts'
import { ownSentences } from '../src/services/uptime/monitor-types/own-faults.ts'
import { certificateFaults, tlsFaults } from '../src/services/uptime/monitor-types/tls-faults.ts'
import { untold } from '../src/services/uptime/usecases/check-monitor.ts'

const none = [{}] as const
const reason = 'CERT_UNTRUSTED'
const faultsOf = (faults: object) => Object.keys(faults).map((fault) => ({ fault }))

/** Values of each code, in every form that changes its sentence. */
const samples: Readonly<Record<string, readonly MessageValues[]>> = {
  slow: [{ ms: 801, limit: 800 }],
  dns_not_found: [{ host: 'x.example' }],
  dns_failed: [{ host: 'x.example', rcode: 'SERVFAIL' }],
  connect_refused: [
    { ip: '192.0.2.1', port: 443 },
    { ip: '2001:db8::1', port: 443 },
  ],
  connection_reset: [{}, { during: 'tls' }, { during: 'answer' }],
  network_unreachable: [{ ip: '192.0.2.1' }],
  connect_timeout: [{ seconds: 10 }],
  tls_timeout: [{ seconds: 10 }],
  response_timeout: [{ seconds: 2.5 }],
  target_forbidden: none,
  tls_expired: [{ date: '2026-01-31' }, {}],
  tls_name_mismatch: [{ host: 'x.example' }],
  tls_untrusted: [
    { reason },
    ...faultsOf(certificateFaults).map((fault) => ({ reason, ...fault })),
    { reason, fault: 'not_yet_valid', date: '2031-01-01' },
  ],
  tls_protocol: [{}, ...faultsOf(tlsFaults), { fault: 'alert', alert: 'internal error' }],
  invalid_http: [
    {},
    ...faultsOf(httpFaults),
    { fault: 'coding_unknown', coding: 'compress' },
    { fault: 'coding_broken', coding: 'gzip' },
  ],
  headers_too_large: none,
  body_too_large: none,
  unexpected_status: [
    { expected: '200', status: 500 },
    { expected: '200', status: 301, location: 'https://a.example/' },
  ],
  keyword_missing: [
    { keyword: 'ok', bytes: 12 },
    { keyword: 'ok', bytes: 12, truncated: 1 },
    { keyword: '{bytes} [{host}] $&', bytes: 12 },
  ],
  keyword_present: [{ keyword: 'Error' }],
  json_mismatch: [
    { path: 'a.b[0]', value: 'red' },
    { path: 'a', problem: 'missing' },
    { path: 'a', problem: 'not_json' },
    { path: 'a', problem: 'truncated' },
  ],
  heartbeat_missed: [{ lastMs: 1_772_355_000_000, dueMs: 1_772_355_300_999 }],
  heartbeat_failed: [{ exit: 3 }, {}],
  resolver_unavailable: none,
  node_overloaded: none,
  internal_error: none,
  type_unknown: [{ type: 'gopher' }],
  config_unreadable: [{ field: 'url' }, { field: 'jsonChecks.0.path' }, { field: '' }],
  secret_unreadable: none,
  monitor_paused: none,
  target_changed: none,
  monitor_deleted: none,
}

/** On a screen, times are in the zone of its person, and settings have the names of its forms. */
const isOfTheScreen = (code: string): boolean => code === 'heartbeat_missed' || code === 'config_unreadable'

it('every-reason-is-said-in-both-languages: every code of every check, on screens as in mails', () => {
  expect(Object.keys(samples).toSorted()).toEqual([...sentences.keys()].toSorted())
  for (const [code, forms] of Object.entries(samples))
    for (const values of forms) {
      const [en, ja] = [translations.en, translations.ja].map((said) => toReason({ code, values }, said))
      const [mailedEn, mailedJa] = [writeMessage(code, values, 'en'), writeMessage(code, values, 'ja')]
      expect([en, ja, mailedEn, mailedJa].map(languageOf)).toEqual(['en', 'ja', 'en', 'ja'])
      if (!isOfTheScreen(code)) expect([en, ja]).toEqual([mailedEn, mailedJa])
    }
})

function languageOf(said: string | undefined): 'en' | 'ja' | undefined {
  if (said === undefined) return undefined
  return /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(said) ? 'ja' : 'en'
}

it('a-check-that-gave-no-result-says-why-in-both-languages: whatever hinders us, and a job that is silent', () => {
  for (const code of Object.keys(ownSentences))
    for (const values of samples[code] ?? []) {
      const told = writeMessage(code, values, 'en')
      expect(toUnavailable(told, translations.en, monitors.en.untold)).toBe(
        toReason({ code, values }, translations.en),
      )
      expect(toUnavailable(told, translations.ja, monitors.ja.untold)).toBe(
        toReason({ code, values }, translations.ja),
      )
    }
  for (const sentence of Object.values(untold)) {
    expect(toUnavailable(sentence, translations.en, monitors.en.untold)).toBe(sentence)
    expect(languageOf(toUnavailable(sentence, translations.ja, monitors.ja.untold))).toBe('ja')
  }
  expect(toUnavailable('The moon is too bright.', translations.ja, monitors.ja.untold)).toBe(
    'The moon is too bright.',
  )
})

it('a setting is told by its name in the forms, never by that of the API', () => {
  const said = (field: string) => toReason({ code: 'config_unreadable', values: { field } }, translations.en)
  expect(said('url')).toContain('(URL)')
  expect(said('jsonChecks.0.path')).toContain('(Demands on a JSON answer)')
  expect(said('')).toBe('We could not check: the stored settings cannot be read. Save them again.')
})

it('what another version stored is shown in the sentence that came with it', () => {
  const sentence = 'The moon is too bright.'
  const unknown = { code: 'moon_too_bright', values: {} }
  expect(toLastError({ lastErrorMessage: sentence, lastErrorReason: null })).toBe(sentence)
  expect(toLastError({ lastErrorMessage: null, lastErrorReason: null })).toBe(null)
  expect(toCause({ cause: sentence, causeReason: unknown })).toBe(sentence)
  for (const { code, values } of [
    unknown,
    { code: 'constructor', values: {} },
    { code: 'connect_timeout', values: {} },
    { code: 'tls_protocol', values: { fault: 'of_tomorrow' } },
  ])
    expect(toCheckMessage({ code, values, message: sentence })).toBe(sentence)
})

it('what-came-of-a-delivery-is-said-in-both-languages: every answer, and every way not to get one', () => {
  const answered = [200, 302, 404, 500].map((status) => describeAttempt({ status, error: null }))
  const others = [
    'answered 2xx, but not as expected',
    'refused by the mail server',
    'type_unknown',
    'config_unreadable',
    'secret_unreadable',
    'mail_relay_unavailable',
    'internal_error',
    'expired',
  ]
  for (const result of [...answered, ...others, ...Object.keys(lookSentences)]) {
    const [en, ja] = [toAnswer(result, answers.en), toAnswer(result, answers.ja)]
    expect([en, ja].map(languageOf)).toEqual(['en', 'ja'])
    expect(en).toMatch(/^[A-Z][^_]+$/)
    // Owners are mailed of what failed alone.
    if (result !== 'accepted')
      expect([writeAnswer(result, 'en'), writeAnswer(result, 'ja')]).toEqual([en, ja])
  }
  expect(toAnswer('flapping', answers.en)).toMatch(/one summary/)
  expect(toAnswer('moon_too_bright', answers.ja)).toBe('moon_too_bright')
})
