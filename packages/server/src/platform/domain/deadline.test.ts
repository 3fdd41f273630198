import { describe, expect, it } from 'vitest'
import { type Deadline, findDueReminder, isOverdue, toDueMs } from './deadline.ts'

const hourMs = 3_600_000
const deadline: Deadline = { hours: 72, remindHours: [24, 48, 66] }

describe('a deadline', () => {
  it('is kept up to its last millisecond, and missed in the next', () => {
    expect(toDueMs(1_000, deadline)).toBe(1_000 + 72 * hourMs)
    expect(isOverdue(1_000, deadline, 1_000 + 72 * hourMs)).toBe(false)
    expect(isOverdue(1_000, deadline, 1_001 + 72 * hourMs)).toBe(true)
  })

  it.each([
    ['nothing before the first reminder', 0, 24 * hourMs - 1, undefined],
    ['the first at its hour', 0, 24 * hourMs, 24],
    ['none twice', 24, 48 * hourMs - 1, undefined],
    ['the second at its hour', 24, 48 * hourMs, 48],
    ['the third at its hour', 48, 66 * hourMs, 66],
    ['nothing more while it can be kept', 66, 72 * hourMs, undefined],
    ['the deadline itself once it is missed', 66, 72 * hourMs + 1, 72],
    ['that once', 72, 1_000 * hourMs, undefined],
    ['the newest alone after a stop', 0, 50 * hourMs, 48],
    ['the missed deadline alone after a long stop', 0, 100 * hourMs, 72],
  ])('reminds of %s', (_promise, reminded, afterMs, hours) => {
    expect(findDueReminder(1_000, deadline, reminded, 1_000 + afterMs)).toBe(hours)
  })
})
