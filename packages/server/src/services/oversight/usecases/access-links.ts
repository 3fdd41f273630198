import { createHash } from 'node:crypto'
import { mutate } from '@gatehouse/kernel/audit'
import { asGate, type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { LinkVerdict } from '../../../service/define-service.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { WireLink } from '../contract/people.ts'
import type { OversightDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findOperator } from '../store/operator-store.ts'
import {
  type AccessLink,
  findLinkByToken,
  findTie,
  findTiedUser,
  insertLink,
  listLinks,
  setLinkRevoked,
  setTie,
} from '../store/people-store.ts'
import { replyStart } from './reply-start.ts'
import { toSender } from './sender.ts'

type Caller = KeyPrincipal | MemberPrincipal

const tokenBytes = 32
const dayMs = 86_400_000

/**
 * Creates an access link to an operator's own record. Its token is in the URL's fragment, which browsers do not send
 * to servers.
 */
export async function createAccessLink(
  deps: OversightDeps,
  caller: Caller,
  operatorId: string,
  { days }: { readonly days: number },
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const token = `own_${deps.randomBytes(tokenBytes).toString('base64url')}`
  const link: AccessLink = {
    id: `lnk_${newId(nowMs)}`,
    operatorId,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + days * dayMs,
    revokedAtMs: null,
    lastUsedAtMs: null,
  }
  await mutate(deps, caller, async (tx) => {
    await assertMayHandOut(tx, caller, operatorId)
    if ((await findOperator(tx, operatorId)) === undefined) throw problems.NOT_FOUND()
    await insertLink(tx, { ...link, tokenDigest: digestToken(token), createdBy: toSender(caller) })
    const detail = { operator_id: operatorId, expires_at: toTime(link.expiresAtMs) }
    return {
      result: undefined,
      entry: { action: 'access_link.create', resourceId: link.id, detail, at: nowMs },
    }
  })
  return {
    ...replyStart(deps, context),
    url: `${deps.publicUrl()}/app/own-record#${token}`,
    link: toWireLink(link),
  }
}

export async function listAccessLinks(
  deps: OversightDeps,
  caller: Caller,
  operatorId: string,
  context: RequestContext,
) {
  return within(deps, caller, async (tx) => {
    await assertMayHandOut(tx, caller, operatorId)
    if ((await findOperator(tx, operatorId)) === undefined) throw problems.NOT_FOUND()
    return { ...replyStart(deps, context), links: (await listLinks(tx, operatorId)).map(toWireLink) }
  })
}

export async function revokeAccessLink(
  deps: OversightDeps,
  caller: Caller,
  { operator_id: operatorId, id }: { readonly operator_id: string; readonly id: string },
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const link = await mutate(deps, caller, async (tx) => {
    await assertMayHandOut(tx, caller, operatorId)
    const revoked = await setLinkRevoked(tx, operatorId, id, nowMs)
    if (revoked === undefined) throw problems.NOT_FOUND()
    const detail = { operator_id: operatorId }
    return { result: revoked, entry: { action: 'access_link.revoke', resourceId: id, detail, at: nowMs } }
  })
  return { ...replyStart(deps, context), link: toWireLink(link) }
}

/** Ties a member's account to an operator, so that the person can sign decisions from their own session. */
export async function tieMember(
  deps: OversightDeps,
  member: MemberPrincipal,
  operatorId: string,
  { user_id: userId }: { readonly user_id: string | null },
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  await mutate(deps, member, async (tx) => {
    if ((await findOperator(tx, operatorId)) === undefined) throw problems.NOT_FOUND()
    if (userId !== null && (await deps.listMemberNames(tx, [userId])).get(userId) === undefined)
      throw problems.VALIDATION_FAILED({
        fields: [{ field: 'user_id', message: 'must be the id of a member of this organisation' }],
      })
    await setTie(tx, operatorId, userId, nowMs)
    const detail = { user_id: userId }
    const about = { resourceType: 'operator', resourceId: operatorId, detail, at: nowMs }
    return {
      result: undefined,
      entry: { action: userId === null ? 'operator.untie' : 'operator.tie', ...about },
    }
  })
  return { ...replyStart(deps, context), operator_id: operatorId, user_id: userId }
}

export async function getTiedMember(
  deps: OversightDeps,
  member: MemberPrincipal,
  operatorId: string,
  context: RequestContext,
) {
  return within(deps, member, async (tx) => {
    if ((await findOperator(tx, operatorId)) === undefined) throw problems.NOT_FOUND()
    const userId = (await findTiedUser(tx, operatorId)) ?? null
    return { ...replyStart(deps, context), operator_id: operatorId, user_id: userId }
  })
}

/** Verifies an access link's token. The reason of a refusal is only for the log. */
export async function verifyAccessLink(
  deps: Pick<OversightDeps, 'db' | 'clock'>,
  token: string,
): Promise<LinkVerdict> {
  if (!/^own_[\w-]{43}$/.test(token)) return { accepted: false, reason: 'link_malformed' }
  const link = await asGate(deps, (tx) => findLinkByToken(tx, digestToken(token)))
  if (link === undefined) return { accepted: false, reason: 'link_unknown' }
  const { orgId, id: linkId, operatorId: subject } = link
  if (link.revokedAtMs !== null) return { accepted: false, reason: 'link_revoked', orgId }
  if (link.expiresAtMs <= deps.clock.now()) return { accepted: false, reason: 'link_expired', orgId }
  if (link.isOrgClosed) return { accepted: false, reason: 'org_suspended', orgId }
  return { accepted: true, orgId, linkId, subject }
}

/**
 * Only a key with the scope, an owner or the person themselves may create a link: nobody else should see the record.
 */
async function assertMayHandOut(tx: TenantTx, caller: Caller, operatorId: string): Promise<void> {
  if (caller.kind === 'key' || caller.role === 'owner') return
  if ((await findTie(tx, caller.userId)) === operatorId) return
  throw problems.FORBIDDEN_SCOPE({
    detail: 'This needs the role owner, or an account that is tied to this operator',
  })
}

/** A plain hash is enough, because the token has 256 random bits. */
function digestToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

function toWireLink(link: AccessLink): WireLink {
  return {
    link_id: link.id,
    operator_id: link.operatorId,
    created_at: toTime(link.createdAtMs),
    expires_at: toTime(link.expiresAtMs),
    revoked_at: toTimeOrNull(link.revokedAtMs),
    last_used_at: toTimeOrNull(link.lastUsedAtMs),
  }
}
