import { defineEndpoint, emailAddress, proof, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { byId, done, nextCursor, page, time } from '../../../service/shapes.ts'
import { doorsUnder } from '../../../service/two-doors.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { pageQuery, slug } from './public.ts'

const tag = 'public'
/**
 * Addresses of strangers: for owners, and for keys that an owner gave this scope by its name. `read` and `write` do not
 * stand for it, nor do keys of devices that members approve have it.
 */
const manages = { kind: 'key', scope: 'subscribers:manage' } as const

const bySlug = z.strictObject({ slug })
const query = z.object({
  ...pageQuery.shape,
  key: proof(text(1, 100))
    .optional()
    .meta({ description: 'The key of the feeds, for a page with a password' }),
})
const pageType = 'text/html; charset=utf-8'

/** What a program sends as JSON, and a form as its fields. Empty `components`: everything that the page shows. */
export const askedSubscription = z
  .strictObject({
    email: emailAddress.optional(),
    webhookUrl: text(1, 2_048).optional(),
    components: z
      .array(text(1, 64))
      .max(policy.layoutMax, `must name at most ${policy.layoutMax} components`)
      .default([]),
  })
  .refine(({ email, webhookUrl }) => (email === undefined) !== (webhookUrl === undefined), {
    path: ['email'],
    message: 'is required, or else webhookUrl',
  })

export const readSubscribePage = defineEndpoint({
  method: 'GET',
  path: '/status/{slug}/subscribe',
  id: 'readSubscribePage',
  summary: 'Read the form that subscribes to a status page',
  tag,
  access: {
    kind: 'public',
    because: 'it is the face that customers read',
    limit: { name: 'page', by: 'ip' },
  },
  params: bySlug,
  query: pageQuery,
  reply: { status: 200, mediaType: pageType, otherStatuses: [304, 403, 404] },
  problems: [],
})

/** Receives an HTML form of a page without scripts, or JSON. */
export const subscribeToPage = defineEndpoint({
  method: 'POST',
  path: '/status/{slug}/subscribe',
  id: 'subscribeToPage',
  summary: 'Ask to be told what a status page tells',
  description:
    'A program sends `{"email": "…", "components": ["…"]}` as JSON; without `components`, all count. The address gets a mail whose link has to be confirmed within 24 hours. The answer is the same whether or not the address is subscribed already.\n\nWith `webhookUrl` in place of `email`, the URL gets `{"type": "subscription.verify", "challenge": "…"}` and has to answer with 2xx and the challenge, as text or as `{"challenge": "…"}`, within 10 seconds. The reply, 201, then has `subscription` with `id`, the `secret` that signs what is sent (as for notification channels of type webhook), and `unsubscribeUrl`, which ends it by a POST; none of them is shown again.',
  tag,
  access: {
    kind: 'public',
    because: 'whoever may see a page may ask to be told of it',
    limit: { name: 'subscribe', by: 'ip' },
  },
  params: bySlug,
  query,
  textBody: true,
  bodyBytesMax: 65_536,
  reply: { status: 202, mediaType: pageType, otherStatuses: [201, 400, 403, 404, 409, 502] },
  problems: ['VALIDATION_ERROR', 'EMAIL_NOT_CONFIGURED', 'NOT_FOUND', 'SUBSCRIBERS_FULL', 'DELIVERY_FAILED'],
  revealsSecret: true,
})

const byToken = z.object({ ...pageQuery.shape, token: proof(text(1, 100)) })
const link = {
  kind: 'public',
  because: 'the token in the link, mailed to the address, is the credential',
} as const
const linkReply = { status: 200, mediaType: pageType, otherStatuses: [400] } as const

/** Opening a link changes nothing, because mail filters also open links. The button on its page does. */
export const openSubscription = defineEndpoint({
  method: 'GET',
  path: '/subscriptions/confirm',
  id: 'openSubscription',
  summary: 'Show the page that confirms a subscription to a status page',
  tag,
  access: { ...link, limit: { name: 'link', by: 'ip' } },
  query: byToken,
  reply: linkReply,
  problems: [],
})

export const confirmSubscription = defineEndpoint({
  method: 'POST',
  path: '/subscriptions/confirm',
  id: 'confirmSubscription',
  summary: 'Confirm a subscription to a status page',
  tag,
  access: { ...link, limit: { name: 'link', by: 'ip' } },
  query: byToken,
  textBody: true,
  bodyBytesMax: 4_096,
  reply: linkReply,
  problems: [],
})

export const openUnsubscription = defineEndpoint({
  method: 'GET',
  path: '/subscriptions/unsubscribe',
  id: 'openUnsubscription',
  summary: 'Show the page that ends a subscription to a status page',
  tag,
  access: { ...link, limit: { name: 'page', by: 'ip' } },
  query: byToken,
  reply: linkReply,
  problems: [],
})

/** The mailbox's own button sends `List-Unsubscribe=One-Click` here (RFC 8058). */
export const endSubscription = defineEndpoint({
  method: 'POST',
  path: '/subscriptions/unsubscribe',
  id: 'endSubscription',
  summary: 'End a subscription to a status page',
  tag,
  // Many readers of one mail provider come from one address.
  access: { ...link, limit: { name: 'page', by: 'ip' } },
  query: byToken,
  textBody: true,
  bodyBytesMax: 4_096,
  reply: linkReply,
  problems: [],
})

/** Only the subscriber decides what comes to the mailbox; the owner of the page can remove it, and not change it. */
export const openComponentChoice = defineEndpoint({
  method: 'GET',
  path: '/subscriptions/components',
  id: 'openComponentChoice',
  summary: 'Show the page by which a subscriber changes what it is told of',
  tag,
  access: { ...link, limit: { name: 'page', by: 'ip' } },
  query: byToken,
  reply: linkReply,
  problems: [],
})

export const chooseComponents = defineEndpoint({
  method: 'POST',
  path: '/subscriptions/components',
  id: 'chooseComponents',
  summary: 'Change what a subscriber of a status page is told of',
  description:
    'An HTML form: each `component` names one that the page shows, and none stands for everything that it shows.',
  tag,
  access: { ...link, limit: { name: 'link', by: 'ip' } },
  query: byToken,
  textBody: true,
  bodyBytesMax: 65_536,
  reply: linkReply,
  problems: [],
})

const subscriberReply = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['email', 'webhook']),
    address: z.string().meta({ description: 'The e-mail address, or the host of a webhook' }),
    language: z.enum(['en', 'ja']),
    components: z.array(z.string()).meta({ description: 'Empty: everything that the page shows' }),
    confirmedAt: time.nullable().meta({ description: 'Null: asked, and not confirmed yet' }),
    createdAt: time,
  })
  .meta({ id: 'Subscriber' })

export type SubscriberReply = z.input<typeof subscriberReply>
export type SubscriberQuery = { readonly limit?: number | undefined; readonly cursor?: string | undefined }

const listSubscribers = defineEndpoint({
  method: 'GET',
  path: '/api/v1/services/{id}/subscribers',
  id: 'listSubscribers',
  summary: 'List the subscribers of a status page',
  tag: 'status pages',
  access: manages,
  params: byId,
  query: z.strictObject(page),
  reply: {
    status: 200,
    schema: z.strictObject({
      subscribers: z.array(subscriberReply),
      nextCursor,
      confirmed: z.int().meta({ description: 'How many are confirmed' }),
      pending: z.int().meta({ description: 'How many were asked and have not answered' }),
      max: z.int().nullable().meta({ description: 'How many the plan allows; null: any number' }),
    }),
  },
  problems: ['NOT_FOUND'],
})

const removeSubscriber = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/services/{id}/subscribers/{subscriberId}',
  id: 'removeSubscriber',
  summary: 'Remove a subscriber of a status page, with everything stored about it',
  tag: 'status pages',
  access: manages,
  params: z.strictObject({ ...byId.shape, subscriberId: text(1, 64) }),
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const subscriptionEndpoints = [
  readSubscribePage,
  subscribeToPage,
  openSubscription,
  confirmSubscription,
  openUnsubscription,
  endSubscription,
  openComponentChoice,
  chooseComponents,
]

export const subscriberEndpoints = [
  ...doorsUnder('/api/v1/', '/dashboard/', 'owner')(listSubscribers, removeSubscriber),
]
