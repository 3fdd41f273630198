import { defineEndpoint, proof, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { nothing } from '../../../service/shapes.ts'

const tag = 'notification channels'
const byToken = z.strictObject({ token: proof(text(1, 100)) })
const access = {
  kind: 'public',
  because: 'the single-use token in the link, mailed to the address, is the credential',
  limit: { name: 'link', by: 'ip' },
} as const

/** Opening the link changes nothing, because mail filters also open links. The button on its page does. */
export const openVerification = defineEndpoint({
  method: 'GET',
  path: '/notification-channels/verify',
  id: 'openVerification',
  summary: 'Show the page that confirms the e-mail address of a notification channel',
  tag,
  access,
  query: byToken,
  reply: { status: 200, mediaType: 'text/html; charset=utf-8', otherStatuses: [400] },
  problems: [],
})

export const confirmVerification = defineEndpoint({
  method: 'POST',
  path: '/notification-channels/verify',
  id: 'confirmVerification',
  summary: 'Confirm the e-mail address of a notification channel',
  tag,
  access,
  query: byToken,
  body: nothing,
  reply: { status: 200, mediaType: 'text/html; charset=utf-8', otherStatuses: [400] },
  problems: [],
})

export const verificationEndpoints = [openVerification, confirmVerification]
