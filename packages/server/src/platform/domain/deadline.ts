const hourMs = 3_600_000

/** A deadline in hours, and the hours after which people are reminded of it. */
export type Deadline = {
  readonly hours: number
  readonly remindHours: readonly number[]
}

export function toDueMs(fromMs: number, { hours }: Deadline): number {
  return fromMs + hours * hourMs
}

/** Whether the deadline has passed; the last millisecond still counts as in time. */
export function isOverdue(fromMs: number, deadline: Deadline, nowMs: number): boolean {
  return nowMs > toDueMs(fromMs, deadline)
}

/**
 * The latest reminder that is due and has not been sent, in hours since the start; once the deadline has passed, the
 * hours of the deadline itself. Undefined when there is none.
 */
export function findDueReminder(
  fromMs: number,
  deadline: Deadline,
  remindedHours: number,
  nowMs: number,
): number | undefined {
  if (isOverdue(fromMs, deadline, nowMs)) return remindedHours < deadline.hours ? deadline.hours : undefined
  return deadline.remindHours.findLast((hours) => hours > remindedHours && nowMs >= fromMs + hours * hourMs)
}
