import { describe, expect, it } from 'vitest'
import type { MessageValues } from './domain/assess.ts'
import { writeMessage } from './messages.ts'
import { httpFaults } from './monitor-types/http-faults.ts'
import { certificateFaults, tlsFaults } from './monitor-types/tls-faults.ts'

describe('messages', () => {
  it.each<[code: string, MessageValues, english: string]>([
    ['dns_not_found', { host: 'x.example' }, 'The name x.example does not exist.'],
    ['connect_refused', { ip: '192.0.2.1', port: 443 }, '192.0.2.1:443 refused the connection.'],
    ['connect_refused', { ip: '2001:db8::1', port: 443 }, '[2001:db8::1]:443 refused the connection.'],
    ['connect_timeout', { seconds: 10 }, 'No connection within 10 s.'],
    ['target_forbidden', {}, 'The name now points to an address that may not be monitored.'],
    ['unexpected_status', { expected: '200', status: 500 }, 'Expected status 200, got 500.'],
    [
      'unexpected_status',
      { expected: '200', status: 301, location: 'https://a.example/' },
      'Expected status 200, got 301. Redirects are not followed. Monitor https://a.example/ instead, or expect 301.',
    ],
    ['keyword_missing', { keyword: 'ok', bytes: 12 }, 'The text “ok” was not found in the first 12 bytes.'],
    ['json_mismatch', { path: 'a.b', value: 'red' }, 'a.b was red.'],
    ['json_mismatch', { path: 'a.b', problem: 'missing' }, 'a.b was missing.'],
    [
      'heartbeat_missed',
      { lastMs: 1_772_355_000_000, dueMs: 1_772_355_300_999 },
      'No ping since 2026-03-01 08:50:00 UTC; it was due by 2026-03-01 08:55:00 UTC.',
    ],
    ['heartbeat_failed', { exit: 3 }, 'The job reported failure (exit 3).'],
    ['heartbeat_failed', {}, 'The job reported failure.'],
    ['slow', { ms: 801, limit: 800 }, '801 ms, limit 800 ms.'],
    ['connection_reset', {}, 'The connection was closed before an answer.'],
    ['connection_reset', { during: 'tls' }, 'The connection was closed during the TLS handshake.'],
    ['connection_reset', { during: 'answer' }, 'The connection was cut in the middle of the answer.'],
    ['invalid_http', {}, 'The answer is not valid HTTP.'],
    [
      'invalid_http',
      { fault: 'truncated_body' },
      'The answer is not valid HTTP: its body ended before the length that it gave.',
    ],
    [
      'invalid_http',
      { fault: 'coding_unknown', coding: 'compress' },
      'The answer is not valid HTTP: its content coding is not known (compress).',
    ],
    ['tls_protocol', {}, 'The TLS handshake failed.'],
    ['tls_protocol', { fault: 'not_tls' }, 'This port does not speak TLS; it may serve plain HTTP.'],
    [
      'tls_protocol',
      { fault: 'alert', alert: 'internal error' },
      'The server ended the TLS handshake. Its alert: internal error.',
    ],
    [
      'tls_untrusted',
      { reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', fault: 'self_signed' },
      'The certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT).',
    ],
    [
      'tls_untrusted',
      { reason: 'CERT_NOT_YET_VALID', fault: 'not_yet_valid', date: '2031-01-01' },
      'The certificate is not valid yet, but from 2031-01-01 on (CERT_NOT_YET_VALID).',
    ],
    ['tls_untrusted', { reason: 'CERT_REVOKED' }, 'The certificate is not trusted: CERT_REVOKED.'],
    ['internal_error', {}, 'We could not check: an error of our own, which is in the log of the server.'],
    ['resolver_unavailable', {}, 'We could not check: our own name servers do not answer.'],
  ])('%s %j reads: %s', (code, values, english) => expect(writeMessage(code, values, 'en')).toBe(english))

  it('are written in Japanese too', () => {
    expect(writeMessage('connect_timeout', { seconds: 10 }, 'ja')).toBe('10秒以内に接続できませんでした。')
    expect(writeMessage('json_mismatch', { path: 'a', problem: 'not_json' }, 'ja')).toBe(
      'a を読み取れません: 応答がJSONではありません。',
    )
  })

  it.each([
    ['invalid_http', httpFaults],
    ['tls_protocol', tlsFaults],
    ['tls_untrusted', certificateFaults],
  ])('%s has a sentence of its own for each fault, in both languages', (code, faults) => {
    for (const language of ['en', 'ja'] as const) {
      const sentences = Object.keys(faults).map((fault) =>
        writeMessage(code, { fault, reason: 'X' }, language),
      )
      expect(new Set(sentences).size).toBe(sentences.length)
    }
  })

  it('a code of a later version shows itself, and so does a name that every object has', () => {
    expect(writeMessage('moon_too_bright', {}, 'en')).toBe('moon_too_bright')
    expect(writeMessage('constructor', {}, 'ja')).toBe('constructor')
  })
})
