import { type HandlersOf, RawReply, type RequestContext, toFieldFaults } from '@gatehouse/kernel/endpoint'
import { Problem } from '@gatehouse/kernel/problem'
import {
  askedSubscription,
  type subscriberEndpoints,
  type subscriptionEndpoints,
} from '../contract/subscribers.ts'
import type { UptimeDeps } from '../deps.ts'
import type { PageCache, PageRequest, RenderedPage } from '../pages/page-cache.ts'
import { chooseLanguage } from '../pages/page-words.ts'
import { renderLocked } from '../pages/render-page.ts'
import { renderChoice, renderNoChoice } from '../pages/render-choice.ts'
import { renderAsked, renderMade, renderSubscribe } from '../pages/render-subscribe.ts'
import type { SubscribeFault } from '../pages/subscribe-words.ts'
import { problems } from '../problems.ts'
import { confirmSubscription, endSubscription, findSubscription } from '../usecases/answer-invitation.ts'
import { chooseComponents, findChoice } from '../usecases/choose-components.ts'
import { listSubscribers, removeSubscriber } from '../usecases/list-subscribers.ts'
import { askForMails } from '../usecases/subscribe.ts'
import { type NewWebhookSubscription, subscribeWebhook } from '../usecases/subscribe-webhook.ts'
import { findDomain, notFound, pageHeaders, readPass, refuse, toReply } from './page-handlers.ts'
import { renderSubscriptionPage } from './subscription-page.ts'

type Input = {
  readonly params: { readonly slug: string }
  readonly query: { readonly lang?: 'en' | 'ja' | undefined; readonly key?: string | undefined }
}

export function subscriberHandlers(
  deps: UptimeDeps,
  cache: PageCache,
): HandlersOf<typeof subscriptionEndpoints | typeof subscriberEndpoints> {
  return {
    readSubscribePage: async (_visitor, input, context) => {
      const request = toRequest(deps, input, context)
      const page = await cache.read(request)
      if (page === undefined) return refusePage(cache, request)
      return toReply(page, await page.attached('subscribe'), context)
    },
    subscribeToPage: async (_visitor, input, context) => {
      const request = toRequest(deps, input, context)
      const page = await cache.read(request)
      const isForm = !isJson(context)
      if (page === undefined) {
        if (isForm) return refusePage(cache, request)
        throw problems.NOT_FOUND()
      }
      try {
        const made = await ask(deps, page, isForm ? readForm(input.body) : readJson(input.body))
        if (isForm) {
          const markup = made === undefined ? renderAsked(page.view, page.language) : renderMade(page, made)
          return new RawReply(markup, unkept, made === undefined ? 202 : 201)
        }
        const reply = made === undefined ? { ok: true } : { subscription: made }
        return new RawReply(JSON.stringify(reply), unkeptJson, made === undefined ? 202 : 201)
      } catch (error) {
        if (!isForm || !(error instanceof Problem)) throw error
        return refuse(renderSubscribe(page.view, page.language, toFault(error)), error.status)
      }
    },
    openSubscription: async (_visitor, { query }, context) => {
      const state = await findSubscription(deps, query.token)
      const view = { open: 'ask', confirmed: 'done', ended: 'expired' } as const
      return renderSubscriptionPage('confirm', view[state], toLanguage(query.lang, context))
    },
    confirmSubscription: async (_visitor, { query }, context) => {
      const result = await confirmSubscription(deps, query.token)
      const view = { open: 'expired', confirmed: 'done', ended: 'expired', full: 'full' } as const
      return renderSubscriptionPage('confirm', view[result], toLanguage(query.lang, context))
    },
    openUnsubscription: async (_visitor, { query }, context) => {
      const isOver = (await findSubscription(deps, query.token)) === 'ended'
      return renderSubscriptionPage('end', isOver ? 'expired' : 'ask', toLanguage(query.lang, context))
    },
    endSubscription: async (_visitor, { query }, context) => {
      await endSubscription(deps, query.token)
      return renderSubscriptionPage('end', 'done', toLanguage(query.lang, context))
    },
    openComponentChoice: async (_visitor, { query }, context) => {
      const choice = await findChoice(deps, query.token)
      const language = toLanguage(query.lang, context)
      if (choice === undefined) return refuse(renderNoChoice(language), 400)
      return new RawReply(renderChoice(choice, language), unkept)
    },
    chooseComponents: async (_visitor, { query, body }, context) => {
      const wanted = new URLSearchParams(body).getAll('component')
      const verdict = await chooseComponents(deps, query.token, wanted)
      const language = toLanguage(query.lang, context)
      if (verdict.outcome === 'ended') return refuse(renderNoChoice(language), 400)
      const markup = renderChoice(verdict.choice, language, verdict.outcome)
      return verdict.outcome === 'saved' ? new RawReply(markup, unkept) : refuse(markup, 400)
    },
    listSubscribers: (caller, { params, query }) => listSubscribers(deps, caller, params.id, query),
    removeSubscriber: async (caller, { params }) => {
      await removeSubscriber(deps, caller, params.id, params.subscriberId)
      return { ok: true }
    },
  }
}

const unkept = { ...pageHeaders, 'cache-control': 'no-store' }
const unkeptJson = { ...unkept, 'content-type': 'application/json; charset=utf-8' }

/** Of a webhook what its owner keeps; of an address nothing. */
async function ask(
  deps: UptimeDeps,
  page: RenderedPage,
  sent: unknown,
): Promise<NewWebhookSubscription | undefined> {
  const parsed = askedSubscription.safeParse(sent)
  if (!parsed.success) throw problems.VALIDATION_ERROR({ fields: toFieldFaults(parsed.error, '') })
  const { email = '', webhookUrl, components } = parsed.data
  const { id: serviceId, components: shown } = page.view
  if (!components.every((chosen) => shown.some(({ id }) => id === chosen)))
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'components', message: 'must name components that the page shows' }],
    })
  const asked = { serviceId, componentIds: components, language: page.language }
  if (webhookUrl !== undefined) return subscribeWebhook(deps, page.orgId, { ...asked, url: webhookUrl })
  // Two spellings of one mailbox are one subscription.
  await askForMails(deps, page.orgId, { ...asked, email: email.toLowerCase() })
  return undefined
}

function toRequest(
  deps: Pick<UptimeDeps, 'hosts'>,
  { params: { slug }, query }: Input,
  context: RequestContext,
): PageRequest {
  const acceptLanguage = context.header('accept-language')
  const domain = findDomain(deps, slug, context)
  return { slug, lang: query.lang, acceptLanguage, domain, pass: readPass(context), feedKey: query.key }
}

/** What a page that this visitor may not see answers to everything. */
async function refusePage(cache: PageCache, request: PageRequest): Promise<RawReply> {
  const language = chooseLanguage(request.lang, 'auto', request.acceptLanguage)
  if (!(await cache.isLocked(request))) return notFound(language, '../')
  return refuse(renderLocked(language, false, request.domain === undefined ? request.slug : ''), 403)
}

function isJson({ header }: RequestContext): boolean {
  return /^\s*application\/json\b/i.test(header('content-type') ?? '')
}

function readForm(body: string | undefined) {
  const fields = new URLSearchParams(body)
  return {
    email: fields.get('email') ?? undefined,
    webhookUrl: fields.get('webhookUrl') ?? undefined,
    components: fields.getAll('component'),
  }
}

function readJson(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'body', message: 'must be JSON' }] })
  }
}

function toFault({ code }: Problem): SubscribeFault {
  if (code === 'SUBSCRIBERS_FULL') return 'full'
  return code === 'DELIVERY_FAILED' ? 'unreturned' : 'address'
}

function toLanguage(lang: 'en' | 'ja' | undefined, { header }: RequestContext) {
  return chooseLanguage(lang, 'auto', header('accept-language'))
}
