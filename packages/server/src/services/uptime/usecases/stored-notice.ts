import type { ClaimedDelivery } from '@gatehouse/kernel/delivery'
import { z } from 'zod'
import { writeMoment } from '../../../mail/index.ts'
import type { Notice } from '../destinations/channel.ts'
import {
  type NoticeSubject,
  type NoticeText,
  writeForeignNotice,
  writeNotice,
} from '../destinations/notice-text.ts'
import type { StoredNotice } from '../domain/notice-body.ts'
import { resolutionSentences, writeMessage } from '../messages.ts'

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
  monitors: z.strictObject({ shown: z.array(z.string()), rest: z.int() }).optional(),
})

/** Parses a notification from the outbox. */
export function parseNotice(text: string): StoredNotice {
  const value: unknown = JSON.parse(text)
  stored.parse(value)
  // Safe: the relevant members were checked above; a body is only ever written from a NoticeBody. It is returned as
  // stored, because members are sent in the order in which they were written.
  return value as StoredNotice
}

export function toNotice(
  { id, firstId }: Pick<ClaimedDelivery, 'id' | 'firstId'>,
  { body, failure, words, monitors }: StoredNotice,
  language: 'en' | 'ja',
  about: Pick<NoticeSubject, 'target' | 'publicUrl'>,
): Notice {
  const cause = failure === null ? body.cause : writeMessage(failure.code, failure.values, language)
  const isUnrecovered = failure !== null && Object.hasOwn(resolutionSentences, failure.code)
  const textIn = (timeZone: string | null): NoticeText =>
    words === undefined
      ? writeNotice(
          body,
          { ...about, cause, isUnrecovered, monitors },
          {
            language,
            writeMoment: (at) => writeMoment(Date.parse(at), { language, timeZone }),
          },
        )
      : writeForeignNotice(body, words[language], language)
  return { id, firstId, body, text: textIn(null), textIn, language }
}
