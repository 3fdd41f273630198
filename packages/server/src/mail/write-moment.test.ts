import { expect, it } from 'vitest'
import { type Reader, writeMoment } from './write-moment.ts'

const at = Date.UTC(2026, 10, 29, 17, 42)

it.each<[promise: string, Reader, written: string]>([
  ['without a zone it is UTC', { language: 'en', timeZone: null }, '29 Nov 2026, 17:42 UTC'],
  [
    'a zone is named, with its distance',
    { language: 'en', timeZone: 'Asia/Tokyo' },
    '30 Nov 2026, 02:42 (Asia/Tokyo, UTC+09:00)',
  ],
  [
    'half an hour counts',
    { language: 'en', timeZone: 'America/St_Johns' },
    '29 Nov 2026, 14:12 (America/St_Johns, UTC-03:30)',
  ],
  ['in Japanese', { language: 'ja', timeZone: 'Asia/Tokyo' }, '2026/11/30 2:42 (Asia/Tokyo, UTC+09:00)'],
])('times-in-mails-are-those-of-the-reader: %s', (_promise, reader, written) =>
  expect(writeMoment(at, reader)).toBe(written),
)
