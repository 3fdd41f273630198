import { mutate } from '@gatehouse/kernel/audit'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { AppendBody } from '../contract/audit.ts'
import type { OversightDeps } from '../deps.ts'
import { currentModel } from '../params-hash.ts'
import { problems } from '../problems.ts'
import { findSettings } from '../store/rule-store.ts'
import { issueReceipt, newReceiptId, prepareReceipt } from './receipts.ts'
import { replyStart } from './reply-start.ts'

/** Member names that callers may not write, because the entry's columns have them: they say who did what. */
const reserved = [
  'event_type',
  'kind',
  'actor_kind',
  'actor_id',
  'ip',
  'resource_type',
  'resource_id',
  'receipt_id',
  'model_version',
  'params_hash',
  'norm_id',
  'settings_version',
]

export async function appendAudit(
  deps: OversightDeps,
  principal: Principal,
  { event_type: eventType, payload, payload_hash: payloadHash }: AppendBody,
  context: RequestContext,
) {
  const taken = reserved.filter((name) => payload !== null && Object.hasOwn(payload, name))
  if (taken.length > 0)
    throw problems.VALIDATION_FAILED({
      fields: taken.map((name) => ({ field: `payload.${name}`, message: 'is written by the server' })),
    })
  const atMs = deps.clock.now()
  const receipt = await mutate(deps, principal, async (tx) => {
    const { version } = await findSettings(tx)
    const prepared = prepareReceipt(principal, newReceiptId(atMs), {
      eventType,
      kind: 'append',
      model: currentModel,
      normId: null,
      settingsVersion: version,
      payload: payload ?? { payload_hash: payloadHash },
      atMs,
    })
    return { entry: prepared.entry, conclude: ([link]) => issueReceipt(tx, prepared, link) }
  })
  return { ...replyStart(deps, context), event_type: eventType, receipt }
}
