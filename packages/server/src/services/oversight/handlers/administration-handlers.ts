import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { revokeOwnKey, rotateOwnKey } from '../contract/own-key.ts'
import type { getSettings, setSettings } from '../contract/settings.ts'
import type {
  deleteRegisteredWebhook,
  listRegisteredWebhooks,
  registerWebhook,
} from '../contract/webhooks.ts'
import type { OversightDeps } from '../deps.ts'
import * as key from '../usecases/change-own-key.ts'
import * as settings from '../usecases/settings.ts'
import * as webhooks from '../usecases/webhooks.ts'

type Administration = readonly [
  typeof rotateOwnKey,
  typeof revokeOwnKey,
  typeof registerWebhook,
  typeof listRegisteredWebhooks,
  typeof deleteRegisteredWebhook,
  typeof getSettings,
  typeof setSettings,
]

export function administrationHandlers(deps: OversightDeps): HandlersOf<Administration> {
  return {
    rotateOwnKey: (caller, _input, context) => key.rotateOwnKey(deps, caller, context),
    revokeOwnKey: (caller, _input, context) => key.revokeOwnKey(deps, caller, context),
    registerWebhook: (caller, { body }, context) => webhooks.registerWebhook(deps, caller, body, context),
    listRegisteredWebhooks: (caller, _input, context) => webhooks.listWebhooks(deps, caller, context),
    deleteRegisteredWebhook: (caller, { params }, context) =>
      webhooks.deleteWebhook(deps, caller, params.endpoint_id, context),
    getOversightSettings: (caller, _input, context) => settings.getSettings(deps, caller, context),
    setOversightSettings: (caller, { body }, context) => settings.setSettings(deps, caller, body, context),
  }
}
