import type { Endpoint } from '@gatehouse/kernel/endpoint'
import { expect, it } from 'vitest'
import { isForReaders, toRefusalPage } from './refusal-page.ts'

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const refusal = (status: number, seconds?: number) => ({
  status,
  body: '{}',
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }),
  },
})
const read = (
  status: number,
  seconds: number | undefined,
  asked: { readonly method?: string; readonly url?: string; readonly language?: string } = {},
) => {
  const { language, method = 'GET', url = '/status/acme' } = asked
  const headers = { ...browser, ...(language === undefined ? {} : { 'accept-language': language }) }
  return toRefusalPage(refusal(status, seconds), { method, url, headers }, { requestId: 'req_1' })
}

it.each([
  ['a minute', 429, 60, 'en', 'Try again in 60 seconds.'],
  ['a second', 429, 1, 'en', 'Try again in 1 second.'],
  ['an hour', 429, 3_541, 'en', 'Try again in 60 minutes.'],
  ['an hour, in Japanese', 429, 3_541, 'ja', '約 60 分後にもう一度お試しください。'],
  ['an outage', 503, 5, 'en', 'Try again in 5 seconds.'],
  ['an outage of unknown length', 503, undefined, 'ja', '後ほどもう一度お試しください。'],
  ['too long a form', 413, undefined, 'en', 'make it shorter, and send it again.'],
  ['a page that is not there', 404, undefined, 'ja', 'ここには何もありません'],
  ['a fault of ours', 500, undefined, 'en', 'Request req_1'],
])('a-refused-reader-is-told-what-to-do-and-when: %s', (_what, status, seconds, language, said) => {
  const page = read(status, seconds, { language })
  expect(page.status).toBe(status)
  expect(page.body).toContain(`<html lang="${language}">`)
  expect(page.body).toContain(said)
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    vary: 'accept, accept-language',
  })
  // It is read at a customer's host too.
  expect(page.body).not.toMatch(/gatehouse|<script/i)
})

it('the language that the address asks for comes first, and a form is not sent again by a link', () => {
  const asked = { url: '/status/acme/subscribe?lang=en', language: 'ja' }
  expect(read(429, 60, asked).body).toContain('<a href="">Try again</a>')
  const form = read(429, 60, { ...asked, method: 'POST' }).body
  expect(form).toContain('Nothing was saved.')
  expect(form).not.toContain('<a href="">')
})

it.each([
  ['a browser at a page', { kind: 'public' }, { status: 200, mediaType: 'text/html' }, browser, true],
  [
    'a program at a page',
    { kind: 'public' },
    { status: 200, mediaType: 'text/html' },
    { accept: '*/*' },
    false,
  ],
  ['a program that names nothing', { kind: 'public' }, { status: 200, mediaType: 'text/html' }, {}, false],
  ['a browser at an operation', { kind: 'public' }, { status: 200, schema: null }, browser, false],
  ['a browser at what needs a key', { kind: 'key' }, { status: 200, mediaType: 'text/html' }, browser, false],
])('%s', (_who, access, reply, headers, isPage) => {
  // Safe: only these two members are looked at.
  expect(isForReaders({ access, reply } as unknown as Endpoint, { headers })).toBe(isPage)
})
