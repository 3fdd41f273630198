/** One time that an incident was given to somebody, or to nobody. */
export type Assignment = {
  readonly atMs: number
  /** A member; null: nobody has it from then on. */
  readonly assigneeId: string | null
  /** Who gave it: a person's id or the visible part of a key. */
  readonly by: string | null
}

type Assigned = {
  readonly assigneeId: string | null
  readonly assignments: readonly Assignment[] | null
}

/** More than this between people who pass one incident on is a script: the oldest are forgotten, the audit log keeps all. */
export const assignmentsMax = 100

/** What is written of an incident that is given to somebody; given to whoever has it, it stays as it is. */
export function assign({ assigneeId: before, assignments }: Assigned, next: Assignment): Assigned {
  if (before === next.assigneeId) return { assigneeId: before, assignments }
  return {
    assigneeId: next.assigneeId,
    assignments: [...(assignments ?? []), next].slice(-assignmentsMax),
  }
}
