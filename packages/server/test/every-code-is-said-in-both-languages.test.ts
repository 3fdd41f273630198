import { expect, it } from 'vitest'
import { translations as alerts } from '../../dashboard/src/words/alert-words.ts'
import { translations as audit } from '../../dashboard/src/words/audit-words.ts'
import { translations as events } from '../../dashboard/src/words/event-words.ts'
import { translations as platformActions } from '../../dashboard/src/words/platform-action-words.ts'
import { translations as refusals } from '../../dashboard/src/words/refused-call-words.ts'
import { translations as resources } from '../../dashboard/src/words/resource-words.ts'
import { translations as reviews } from '../../dashboard/src/words/review-words.ts'
import { translations as scopes } from '../../dashboard/src/words/scope-words.ts'
import { translations as serviceActions } from '../../dashboard/src/words/service-action-words.ts'
import { translations as team } from '../../dashboard/src/words/team-words.ts'
import { translations as webhooks } from '../../dashboard/src/words/webhook-words.ts'
import { buildOpenApi, describeModules } from '../src/openapi.ts'
import { services } from '../src/services.ts'
import { alertKinds } from '../src/services/oversight/domain/alerts.ts'
import { actionPlace, listWrittenCodes } from './fixtures/list-written-codes.ts'

type Words = { readonly en: object; readonly ja: object }

/** Webhooks are called so in Japanese too. */
const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]|^Webhook$/u
const document = buildOpenApi()

/**
 * The codes that have no words in one of the languages; a code is no word for itself. Of one whose end is not known, such
 * as `connection_…`, some have to have words.
 */
function findUnsaid(codes: readonly string[], ...areas: readonly Words[]): readonly string[] {
  const inLanguage = (language: 'en' | 'ja') =>
    new Map(
      areas
        .flatMap((area): [string, unknown][] => Object.entries(area[language]))
        .map(([code, text]) => [code, typeof text === 'string' ? text : '']),
    )
  const [en, ja] = [inLanguage('en'), inLanguage('ja')]
  const isSaid = (code: string) =>
    /^[A-Z][^_]+$/.test(en.get(code) ?? '') && japanese.test(ja.get(code) ?? '')
  const known = [...en.keys()].filter(isSaid)
  return [...new Set(codes)].filter(
    (code) => !known.some((one) => one === code || (code.endsWith('…') && one.startsWith(code.slice(0, -1)))),
  )
}

/** The values that the API's document lists for members of this name, of each list that holds `one`. */
function listDocumented(name: string, one: string): readonly string[] {
  const lists = new Set<string>()
  const visit = (value: unknown, key: string): void => {
    if (typeof value !== 'object' || value === null) return
    if ('enum' in value && key === name && Array.isArray(value.enum) && value.enum.includes(one))
      for (const each of value.enum) lists.add(String(each))
    for (const [member, inner] of Object.entries(value))
      visit(inner, Array.isArray(value) || member === 'anyOf' ? key : member)
  }
  visit(document, '')
  expect(lists.size).toBeGreaterThan(1)
  return [...lists]
}

it('every-action-of-the-audit-log-has-words: whatever the server can write, in both languages', () => {
  const actions = listWrittenCodes(actionPlace)
  expect(actions.length).toBeGreaterThan(200)
  expect(findUnsaid(actions, platformActions, serviceActions)).toEqual([])
  const said = Object.keys({ ...platformActions.en, ...serviceActions.en })
  expect(said.filter((action) => !actions.includes(action))).toEqual([])
})

it('what an entry is about has words: each first part of an action, and each kind that is named', () => {
  const parts = listWrittenCodes(actionPlace).flatMap((action) =>
    action.includes('.') ? [action.slice(0, action.indexOf('.'))] : [],
  )
  const named = listWrittenCodes({
    ...actionPlace,
    names: ['resourceType', 'resource_type'],
    form: /^[a-z_]+$/,
  })
  expect(findUnsaid([...parts, ...named], resources)).toEqual([])
})

it('every-event-has-words: of webhooks, of alerts, and the tests of both', () => {
  const ofWebhooks = describeModules().flatMap((module) =>
    'events' in module ? Object.keys(module.events) : [],
  )
  expect(ofWebhooks.length).toBeGreaterThan(20)
  const ofAlerts = listDocumented('items', 'monitor.never_up')
  expect(
    findUnsaid(
      [...ofWebhooks, ...ofAlerts, 'webhook.test', 'test'],
      events,
      alerts.en && {
        en: alerts.en.eventTexts,
        ja: alerts.ja.eventTexts,
      },
    ),
  ).toEqual([])
})

it('every-scope-has-words: of the keys of every service', () => {
  expect(
    findUnsaid(
      services.flatMap(({ policy }) => policy.scopes),
      scopes,
    ),
  ).toEqual([])
})

it('roles, states, outcomes and kinds have words', () => {
  const of = (name: string, one: string, en: object, ja: object) =>
    expect(findUnsaid(listDocumented(name, one), { en, ja })).toEqual([])
  of('role', 'viewer', team.en.roles, team.ja.roles)
  of(
    'state',
    'held',
    { ...alerts.en.deliveryStates, ...webhooks.en.states },
    { ...alerts.ja.deliveryStates, ...webhooks.ja.states },
  )
  of('outcome', 'refused', audit.en, audit.ja)
  const { en, ja } = reviews
  expect(findUnsaid(alertKinds, { en: en.alerts.kinds, ja: ja.alerts.kinds })).toEqual([])
})

/** Reasons that are told by another way than the log of refusals, or for which a prefix stands there. */
const elsewhere = new Set([
  // Answers to a refresh of a session, and of a token for it.
  'ended',
  // What is wrong with a chain, an address or a page of settings: each has its own words on its screen.
  'content',
  'linkage',
  'signature',
  'scheme',
  'reason',
])

/** Reasons that are logged with the word for the message that they are about. */
const ofLogout = new Set(['audience', 'events', 'id', 'issuer', 'nonce', 'time', 'whom'])

it('every-refusal-has-words: whatever reason the log of refused calls can hold', () => {
  const ofHttp = ['audit', 'keys', 'sessions'].map((room) => `packages/kernel/src/${room}`)
  const ofServer = ['http', 'platform', 'service'].map((room) => `packages/server/src/${room}`)
  const found = listWrittenCodes({
    names: ['reason'],
    folders: [...ofHttp, ...ofServer],
    form: /^[a-z]+(?:_[a-z]+)*$/,
  })
  const reasons = found
    .filter((code) => !elsewhere.has(code))
    .map((code) => (ofLogout.has(code) ? `logout_token_${code}` : code))
  expect(reasons.length).toBeGreaterThan(50)
  expect(findUnsaid(reasons, { en: refusals.en.reasons, ja: refusals.ja.reasons })).toEqual([])
})
