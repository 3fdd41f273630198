import { within, type WriterTx } from '@gatehouse/kernel/db'
import {
  type Attempt,
  type AttemptContext,
  type ClaimedDelivery,
  type DeliveryQueue,
  type DestinationNotice,
  type Prepared,
  type QueueRules,
  toAttempt,
} from '@gatehouse/kernel/delivery'
import { enqueue } from '@gatehouse/kernel/jobs'
import { Secret } from '@gatehouse/kernel/secrets'
import { signBody, signWebhook } from '@gatehouse/kernel/webhooks'
import { mailRules } from '../../../mail/index.ts'
import { postNotice } from '../destinations/post-notice.ts'
import { renderNoticeMail } from '../destinations/render-notice-mail.ts'
import { judgeSending, type SubscriberNotice } from '../domain/subscriber-notice.ts'
import { uptimePolicy } from '../policy.ts'
import {
  listSendingSubscribers,
  listVisibilities,
  type SendingSubscriber,
} from '../store/subscriber-notice-store.ts'
import { subscriberQueueNames } from '../store/subscriber-queue-name.ts'
import { openSubscriber, type SubscriberConfig } from '../usecases/subscriber-config.ts'
import { type SendDeps, toTools } from './channel-queue.ts'
import { subscriberLostJob } from './subscriber-jobs.ts'
import { writeForSubscriber } from './subscriber-text.ts'
import { toWebhookBody } from './subscriber-webhook-body.ts'

const { timeoutMs, leaseExtraMs, health } = uptimePolicy.delivery

/** What was sent is on the page, so no body is kept. One that fails too often in a row is no subscriber any more. */
const rulesOf: Readonly<Record<'email' | 'webhook', QueueRules>> = {
  email: { ...mailRules, timeoutMs, leaseExtraMs, health },
  webhook: { ...uptimePolicy.delivery, keepsBody: false },
}

type Ready = {
  readonly subscriber: SendingSubscriber
  readonly config: SubscriberConfig
  readonly notice: SubscriberNotice
  readonly membersOnly: boolean
}

/** Send what subscribers of status pages are told through the kernel's delivery, in order per incident. */
export function createSubscriberQueues(deps: SendDeps): readonly DeliveryQueue<Ready>[] {
  return (['email', 'webhook'] as const).map((kind) => ({
    name: subscriberQueueNames[kind],
    rules: rulesOf[kind],
    prepare: async (tx, claimed) => {
      const subscribers = await listSendingSubscribers(tx, claimed)
      const visibilities = await listVisibilities(tx, claimed)
      return claimed.map((delivery): Prepared<Ready> => {
        const { orgId, destinationId, topic, event } = delivery
        const subscriber = subscribers.get(`${orgId}/${destinationId}`)
        const verdict = judgeSending(subscriber, event, visibilities.get(`${orgId}/${topic}`) ?? 'gone')
        if (!verdict.sent) return { kind: 'suppress', because: verdict.because }
        // Safe: whoever is sent to was found.
        return prepare(deps, delivery, subscriber as SendingSubscriber, verdict.membersOnly)
      })
    },
    attempt: (ready, claimed, context) => send(deps, ready, claimed, context),
    notice: dropLost,
  }))
}

function prepare(
  deps: SendDeps,
  { orgId, body }: ClaimedDelivery,
  subscriber: SendingSubscriber,
  membersOnly: boolean,
): Prepared<Ready> {
  try {
    const config = openSubscriber(deps, { orgId, id: subscriber.id }, subscriber.sealedConfig)
    // Safe: bodies of this queue are only ever written from a SubscriberNotice.
    const notice = JSON.parse(body) as SubscriberNotice
    return { kind: 'send', to: { subscriber, config, notice, membersOnly } }
  } catch (error) {
    return { kind: 'broken', because: 'subscriber_unreadable', error }
  }
}

async function send(
  deps: SendDeps,
  ready: Ready,
  claimed: ClaimedDelivery,
  context: AttemptContext,
): Promise<Attempt> {
  const { webhook } = ready.config
  return webhook === undefined
    ? sendMail(deps, ready, claimed)
    : postToWebhook(deps, ready, claimed, context, webhook)
}

async function sendMail(
  deps: SendDeps,
  { subscriber, config, notice, membersOnly }: Ready,
  { id, firstId, orgId }: ClaimedDelivery,
): Promise<Attempt> {
  const { address: to, language } = subscriber
  if (membersOnly && !(await isMember(deps, orgId, to))) return toAttempt('refused', 'not_a_member')
  const host = new URL(deps.publicUrl()).hostname
  const toMessageId = (sent: string): string => `<${toOwnId(sent, subscriber)}@${host}>`
  const toOwnLink = (act: string): string =>
    `${deps.publicUrl()}/subscriptions/${act}?token=${config.token}&lang=${language}`
  const ending = toOwnLink('unsubscribe')
  const { why, choose, unsubscribe, ...text } = writeForSubscriber(notice, language)
  return deps.sendMail({
    to,
    ...renderNoticeMail(language, text, {
      why,
      links: [
        { url: toOwnLink('components'), label: choose },
        { url: ending, label: unsubscribe },
      ],
    }),
    messageId: toMessageId(id),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': `<${ending}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      ...(firstId === null ? {} : { 'In-Reply-To': toMessageId(firstId), References: toMessageId(firstId) }),
    },
  })
}

/** Signed like the webhooks of notification channels (6.2). */
async function postToWebhook(
  deps: SendDeps,
  { subscriber, notice }: Ready,
  { id, orgId }: ClaimedDelivery,
  context: AttemptContext,
  { url, secret: shared }: { readonly url: string; readonly secret: string },
): Promise<Attempt> {
  const secret = new Secret(shared)
  const body = JSON.stringify(toWebhookBody(notice, subscriber.language))
  const message = { id: toOwnId(id, subscriber), timestampSeconds: Math.floor(context.nowMs / 1000), body }
  const headers = {
    ...signWebhook(message, [secret]),
    'x-manako-signature': `sha256=${signBody(body, secret)}`,
  }
  return postNotice({ ...toTools(deps, orgId), ...context }, { url, body, headers })
}

/** One notice has one id, whoever gets it; each receiver knows it by an id of its own. */
function toOwnId(id: string, { id: subscriberId }: SendingSubscriber): string {
  return `${id}.${subscriberId}`
}

async function isMember(deps: SendDeps, orgId: string, email: string): Promise<boolean> {
  const principal = { kind: 'system', orgId, because: 'subscription' } as const
  return (await within(deps, principal, (tx) => deps.findMemberAddress(tx, email))) !== undefined
}

/** A mailbox that is gone, or was refused for long, is no subscriber any more. */
async function dropLost(tx: WriterTx, notice: DestinationNotice): Promise<void> {
  if (notice.because === 'failing' || !notice.isClosed) return
  const { orgId, destinationId: subscriberId, result } = notice
  await enqueue(tx, subscriberLostJob, { orgId, subscriberId, result })
}
