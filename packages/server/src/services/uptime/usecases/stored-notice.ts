import type { ClaimedDelivery } from '@gatehouse/kernel/delivery'
import { z } from 'zod'
import { writeMoment } from '../../../mail/index.ts'
import type { Notice } from '../destinations/channel.ts'
import { type NoticeText, writeForeignNotice, writeNotice } from '../destinations/notice-text.ts'
import type { StoredNotice } from '../domain/notice-body.ts'
import { writeMessage } from '../messages.ts'

const foreignText = z.strictObject({ title: z.string(), summary: z.string() })

const stored = z.strictObject({
  body: z.looseObject({
    event: z.string(),
    monitorName: z.string(),
    monitorId: z.string().nullable(),
    teamId: z.string(),
    incidentId: z.string(),
    timestamp: z.string(),
  }),
  failure: z
    .strictObject({ code: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
  words: z.strictObject({ en: foreignText, ja: foreignText }).optional(),
})

/** What the outbox kept of a notice. */
export function parseNotice(text: string): StoredNotice {
  const value: unknown = JSON.parse(text)
  stored.parse(value)
  // Safe: proven just now where it matters; the rest of a body is only ever written from a NoticeBody. Taken as it was
  // stored, since members leave in the order in which they were written.
  return value as StoredNotice
}

export function toNotice(
  { id, firstId }: Pick<ClaimedDelivery, 'id' | 'firstId'>,
  { body, failure, words }: StoredNotice,
  language: 'en' | 'ja',
): Notice {
  const cause = failure === null ? body.cause : writeMessage(failure.code, failure.values, language)
  const textIn = (timeZone: string | null): NoticeText =>
    words === undefined
      ? writeNotice(body, cause, {
          language,
          writeMoment: (at) => writeMoment(Date.parse(at), { language, timeZone }),
        })
      : writeForeignNotice(body, words[language], language)
  return { id, firstId, body, text: textIn(null), textIn, language }
}
