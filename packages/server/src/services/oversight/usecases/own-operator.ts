import type { TenantTx } from '@gatehouse/kernel/db'
import type { LinkPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import { problems } from '../problems.ts'
import { findTie } from '../store/people-store.ts'
import type { EnrolledBy } from '../store/tables.ts'

/** A person who comes for their own record: with a link, or as a member whose account is tied to the operator. */
export type OwnCaller = LinkPrincipal | MemberPrincipal

export type OwnOperator = {
  readonly operatorId: string
  /** What their coming proves: that they hold a link, or that they logged in. */
  readonly enrolledBy: EnrolledBy
  /** The link or the session that they came by. */
  readonly boundTo: string
}

/** Throws NOT_FOUND for a member who is tied to nobody. */
export async function findOwnOperator(tx: TenantTx, caller: OwnCaller): Promise<OwnOperator> {
  if (caller.kind === 'link')
    return { operatorId: caller.subject, enrolledBy: 'link', boundTo: caller.linkId }
  const operatorId = await findTie(tx, caller.userId)
  if (operatorId === undefined)
    throw problems.NOT_FOUND({ detail: 'Your account is tied to no operator here' })
  return { operatorId, enrolledBy: 'member', boundTo: caller.sessionId }
}
