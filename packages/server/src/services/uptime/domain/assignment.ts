/** One assignment of an incident to a member, or to nobody. */
export type Assignment = {
  readonly atMs: number
  /** A member's id; null: unassigned from then on. */
  readonly assigneeId: string | null
  /** Who assigned it: a member's id or the displayable part of an API key. */
  readonly by: string | null
}

type Assigned = {
  readonly assigneeId: string | null
  readonly assignments: readonly Assignment[] | null
}

/** More reassignments than this come from a script: the oldest are dropped here; the audit log keeps all. */
export const assignmentsMax = 100

/** The incident after an assignment; unchanged if it is assigned to the same member already. */
export function assign({ assigneeId: before, assignments }: Assigned, next: Assignment): Assigned {
  if (before === next.assigneeId) return { assigneeId: before, assignments }
  return {
    assigneeId: next.assigneeId,
    assignments: [...(assignments ?? []), next].slice(-assignmentsMax),
  }
}
