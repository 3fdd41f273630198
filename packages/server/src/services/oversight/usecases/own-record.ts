import { mutate, sha256Hex } from '@gatehouse/kernel/audit'
import { recordTelemetry, type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { OwnInteraction, OwnRecordReply } from '../contract/own-record.ts'
import type { OversightDeps } from '../deps.ts'
import { type Domain, domains } from '../domain/interaction.ts'
import { currentModel } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { insertAttestProof, listAuthenticators } from '../store/authenticator-store.ts'
import { listContestsOf } from '../store/contest-store.ts'
import {
  type LedgerEvent,
  listEventsOf,
  listInteractionsOf,
  type StoredInteraction,
} from '../store/interaction-store.ts'
import { findOperator } from '../store/operator-store.ts'
import { findLink, setLinkUsed } from '../store/people-store.ts'
import { countView, listViews } from '../store/profile-view-store.ts'
import { listStates } from '../store/state-store.ts'
import { findNonce } from '../store/telemetry-store.ts'
import { findOrgFacts } from '../store/view-store.ts'
import { toWireAuthenticator } from './authenticators.ts'
import { readProfile } from './get-profile.ts'
import { toWireViews } from './list-views.ts'
import { noteLook, toView } from './note-look.ts'
import { findOwnOperator, type OwnCaller } from './own-operator.ts'
import { toReplies } from './read-scores.ts'
import { replyStart } from './reply-start.ts'
import { toWireContest } from './to-wire-contest.ts'

const { defaultRoleClass, ownRecord } = oversightPolicy

/** Everything that the organisation sees about an operator, and who viewed it, this look among them. */
export async function getOwnRecord(
  deps: OversightDeps,
  caller: OwnCaller,
  { window }: { readonly window: '30' | '90' | '365' | 'all' },
  context: RequestContext,
): Promise<OwnRecordReply> {
  return recordTelemetry(deps, caller, async (tx) => {
    const { operatorId } = await findOwnOperator(tx, caller)
    const nowMs = deps.clock.now()
    const view = toView(caller, operatorId, nowMs, 'own_record')
    if (view !== undefined) await countView(tx, view, nowMs)
    const operator = await findOperator(tx, operatorId)
    const facts = await findOrgFacts(tx)
    const profiles: OwnRecordReply['profiles'] = []
    for (const domain of await listOwnDomains(tx, operatorId))
      profiles.push((await readProfile(deps, tx, operatorId, { domain, window }, undefined)).profile)
    const link = caller.kind === 'link' ? await findLink(tx, caller.linkId) : undefined
    if (link !== undefined) await setLinkUsed(tx, link.id, nowMs)
    const { minimum } = currentModel.parameters
    return {
      ...replyStart(deps, context),
      operator_id: operatorId,
      organization: { org_id: facts.externalId ?? tx.orgId, name: facts.name },
      role_class: operator?.roleClass ?? defaultRoleClass,
      first_seen: toTimeOrNull(operator?.firstSeenAtMs ?? null),
      last_seen: toTimeOrNull(operator?.lastSeenAtMs ?? null),
      notice_given_at: toTimeOrNull(operator?.noticeGivenAtMs ?? null),
      notice_version: operator?.noticeVersion ?? null,
      profiles,
      minimum: {
        interactions: minimum.interactions,
        days: minimum.days,
        interactions_by_days: minimum.interactions_by_days,
      },
      views: [...(await toWireViews(deps, tx, await listViews(tx, operatorId, ownRecord.viewsMax)))],
      contests: (await listContestsOf(tx, operatorId)).map(toWireContest),
      authenticators: (await listAuthenticators(tx, operatorId)).map(toWireAuthenticator),
      expires_at: toTimeOrNull(link?.expiresAtMs ?? null),
    }
  })
}

async function listOwnDomains(tx: TenantTx, operatorId: string): Promise<readonly Domain[]> {
  const states = await listStates(tx, operatorId)
  return domains.filter((domain) => states.some((state) => state.domain === domain))
}

/** An operator's decisions, newest first, with the effect of each event on the published score. */
export async function listOwnInteractions(
  deps: OversightDeps,
  caller: OwnCaller,
  {
    domain,
    limit,
    cursor,
  }: { readonly domain?: Domain | undefined; readonly limit: number; readonly cursor?: string | undefined },
  context: RequestContext,
) {
  const read = await within(deps, caller, async (tx) => {
    const { operatorId } = await findOwnOperator(tx, caller)
    const beforeId = openCursor(deps, 'own-interactions', tx.orgId, cursor)
    const rows = await listInteractionsOf(tx, { operatorId, domain, beforeId, limit: limit + 1 })
    const page = toPage(deps, 'own-interactions', tx.orgId, rows, limit, ({ id }) => id)
    return {
      operatorId,
      reply: {
        ...replyStart(deps, context),
        interactions: [...(await withEffects(tx, operatorId, page.entries))],
        next_cursor: page.nextCursor,
      },
    }
  })
  await noteLook(deps, caller, read.operatorId, 'own_record')
  return read.reply
}

async function withEffects(
  tx: TenantTx,
  operatorId: string,
  interactions: readonly StoredInteraction[],
): Promise<readonly OwnInteraction[]> {
  const replies = await toReplies(tx, interactions)
  const events = await listEventsOf(
    tx,
    operatorId,
    interactions.map(({ id }) => id),
  )
  return replies.map((reply, at) => ({
    ...reply,
    effects: events
      .filter(({ event }) => event.interactionId === interactions[at]?.id)
      .map(({ event, jisBefore }) => toEffect(event, jisBefore)),
  }))
}

function toEffect({ kind, atMs, shown }: LedgerEvent, jisBefore: number | null) {
  return { kind, at: toTime(atMs), jis_before: jisBefore, jis_after: shown.jis }
}

const proofBytes = 32

/**
 * Attests one decision as the operator's own. The returned proof is sent along when the decision is scored
 * (specification 9.4).
 */
export async function attestOwnDecision(
  deps: OversightDeps,
  caller: OwnCaller,
  { canonical_hash: canonicalHash, nonce }: { readonly canonical_hash: string; readonly nonce: string },
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const expiresAtMs = nowMs + oversightPolicy.attestation.proofSeconds * 1_000
  const proof = `atp_${deps.randomBytes(proofBytes).toString('base64url')}`
  await mutate(deps, caller, async (tx) => {
    const { operatorId, enrolledBy } = await findOwnOperator(tx, caller)
    const nonceHash = sha256Hex(nonce)
    const issued = await findNonce(tx, nonceHash)
    const isOpen =
      issued !== undefined &&
      issued.operatorId === operatorId &&
      issued.usedBy === null &&
      nowMs <= issued.expiresAtMs
    if (!isOpen)
      throw problems.VALIDATION_FAILED({
        fields: [
          {
            field: 'nonce',
            message: 'must be an unused nonce that was given out for you and has not expired',
          },
        ],
      })
    const proofHash = sha256Hex(proof)
    await insertAttestProof(tx, { proofHash, operatorId, canonicalHash, nonceHash, enrolledBy, expiresAtMs })
    const detail = { canonical_hash: canonicalHash, enrolled_by: enrolledBy }
    const about = { resourceType: 'operator', resourceId: operatorId, detail, at: nowMs }
    return { result: undefined, entry: { action: 'decision.attest', ...about } }
  })
  return { ...replyStart(deps, context), proof, expires_at_ms: expiresAtMs }
}
