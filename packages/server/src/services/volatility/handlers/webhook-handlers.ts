import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { ceilingEndpoints } from '../contract/key-ceiling.ts'
import type { ownEndpoints } from '../contract/own.ts'
import type { webhookEndpoints } from '../contract/webhooks.ts'
import type { VolatilityDeps } from '../deps.ts'
import { changeAllowlist, readAllowlist } from '../usecases/allowed-symbols.ts'
import { changeCeiling, readCeiling } from '../usecases/key-ceiling.ts'
import { readOwnEvents, submitFeedback } from '../usecases/own-events.ts'
import { listDeliveries, testWebhook } from '../usecases/webhook-log.ts'
import {
  createWebhook,
  deleteWebhook,
  enableWebhook,
  getWebhook,
  listWebhooks,
  replayWebhook,
  updateWebhook,
} from '../usecases/webhooks.ts'

export function webhookHandlers(deps: VolatilityDeps): HandlersOf<typeof webhookEndpoints> {
  return {
    createRegimeWebhook: (caller, { body }) => createWebhook(deps, caller, body),
    listRegimeWebhooks: (caller) => listWebhooks(deps, caller),
    getRegimeWebhook: (caller, { params: { id } }) => getWebhook(deps, caller, id),
    updateRegimeWebhook: (caller, { params: { id }, body }) => updateWebhook(deps, caller, id, body),
    deleteRegimeWebhook: async (caller, { params: { id } }) => {
      await deleteWebhook(deps, caller, id)
      return undefined
    },
    testRegimeWebhook: (caller, { params: { id } }, { signal }) => testWebhook(deps, caller, id, signal),
    enableRegimeWebhook: (caller, { params: { id } }) => enableWebhook(deps, caller, id),
    replayRegimeWebhook: (caller, { params: { id }, body: { from_ms: fromMs, to_ms: toMs } }) =>
      replayWebhook(deps, caller, id, { fromMs, toMs }),
    listRegimeDeliveries: (caller, { params: { id }, query }) => listDeliveries(deps, caller, id, query),
    replayRegimeDelivery: (caller, { params: { id, delivery_id } }) =>
      replayWebhook(deps, caller, id, { id: delivery_id }),
  }
}

export function ownHandlers(deps: VolatilityDeps): HandlersOf<typeof ownEndpoints> {
  return {
    submitRegimeFeedback: (caller, { body }) => submitFeedback(deps, asKey(caller), body),
    listOwnRegimeEvents: (caller, { query }) => readOwnEvents(deps, caller, query),
    getSymbolAllowlist: (caller) => readAllowlist(deps, caller),
    setSymbolAllowlist: (caller, { body: { symbols } }) => changeAllowlist(deps, asKey(caller), symbols),
  }
}

export function ceilingHandlers(deps: VolatilityDeps): HandlersOf<typeof ceilingEndpoints> {
  return {
    getKeyCeiling: (caller, { params: { id } }) => readCeiling(deps, caller, id),
    setKeyCeiling: (caller, { params: { id }, body: { symbols } }) =>
      changeCeiling(deps, caller, id, symbols),
  }
}

function asKey(caller: KeyPrincipal | MemberPrincipal): KeyPrincipal {
  if (caller.kind !== 'key') throw new Error('This is a call of keys')
  return caller
}
