import type { TenantTx } from '@gatehouse/kernel/db'
import type { LinkPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import { problems } from '../problems.ts'
import { findTie } from '../store/people-store.ts'
import type { EnrolledBy } from '../store/tables.ts'

/**
 * An operator who accesses their own record: with an access link, or as a member whose account is tied to the
 * operator.
 */
export type OwnCaller = LinkPrincipal | MemberPrincipal

export type OwnOperator = {
  readonly operatorId: string
  /** How the person authenticated: by an access link or by a log-in. */
  readonly enrolledBy: EnrolledBy
  /** The id of the link or session. */
  readonly boundTo: string
}

/** Throws NOT_FOUND for a member whose account is not tied. */
export async function findOwnOperator(tx: TenantTx, caller: OwnCaller): Promise<OwnOperator> {
  if (caller.kind === 'link')
    return { operatorId: caller.subject, enrolledBy: 'link', boundTo: caller.linkId }
  const operatorId = await findTie(tx, caller.userId)
  if (operatorId === undefined)
    throw problems.NOT_FOUND({ detail: 'Your account is tied to no operator here' })
  return { operatorId, enrolledBy: 'member', boundTo: caller.sessionId }
}
