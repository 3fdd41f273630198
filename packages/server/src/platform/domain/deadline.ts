const hourMs = 3_600_000

/** Until when something has to be done, and at which hours before people are reminded of it. */
export type Deadline = {
  readonly hours: number
  readonly remindHours: readonly number[]
}

export function toDueMs(fromMs: number, { hours }: Deadline): number {
  return fromMs + hours * hourMs
}

/** What is done in the last millisecond is done in time. */
export function isOverdue(fromMs: number, deadline: Deadline, nowMs: number): boolean {
  return nowMs > toDueMs(fromMs, deadline)
}

/** The newest reminder that is due and later than the one before, in hours since the start; all of them once it is late. */
export function findDueReminder(
  fromMs: number,
  deadline: Deadline,
  remindedHours: number,
  nowMs: number,
): number | undefined {
  if (isOverdue(fromMs, deadline, nowMs)) return remindedHours < deadline.hours ? deadline.hours : undefined
  return deadline.remindHours.findLast((hours) => hours > remindedHours && nowMs >= fromMs + hours * hourMs)
}
