import { addVectors } from './counters.ts'
import { foldState, type OperatorDay, type OperatorState } from './operator-state.ts'
import { addSide } from './side-counters.ts'

/**
 * A day whose stored counters differ from its interactions. Its values are the correct ones, all 0 if there are no
 * interactions.
 */
export type DayDifference = OperatorDay

/** Adds the contributions of interactions to their days. */
export function sumDays(
  days: readonly OperatorDay[],
  counted: readonly OperatorDay[],
): readonly OperatorDay[] {
  const byDay = new Map(days.map((day) => [day.day, day]))
  for (const one of counted) {
    const sum = byDay.get(one.day)
    byDay.set(
      one.day,
      sum === undefined
        ? one
        : {
            day: one.day,
            counters: addVectors(sum.counters, one.counters),
            side: addSide(sum.side, one.side),
          },
    )
  }
  return [...byDay.values()].toSorted((a, b) => a.day - b.day)
}

/** The differing days with their correct values. A day of zeros equals a missing day. */
export function compareDays(
  stored: readonly OperatorDay[],
  right: readonly OperatorDay[],
): readonly DayDifference[] {
  const [was, is] = [toTexts(stored), toTexts(right)]
  const all = [...new Set([...stored, ...right].map(({ day }) => day))].toSorted((a, b) => a - b)
  return all.flatMap((day) => {
    if (was.get(day) === is.get(day)) return []
    const whole = right.find((one) => one.day === day)
    const [like] = [...stored, ...right]
    if (whole !== undefined) return [whole]
    return [{ day, counters: (like?.counters ?? []).map(() => 0), side: (like?.side ?? []).map(() => 0) }]
  })
}

/** The state computed from these days, as of the stored state's day. */
export function refoldState(
  stored: OperatorState,
  days: readonly OperatorDay[],
  ledgerSeq: number,
): OperatorState {
  return { ...stored, ...foldState(days, stored.asOfDay), ledgerSeq }
}

function toTexts(days: readonly OperatorDay[]): ReadonlyMap<number, string> {
  return new Map(
    days.flatMap(({ day, counters, side }) =>
      [...counters, ...side].every((count) => count === 0)
        ? []
        : [[day, `${counters.join()}/${side.join()}`] as const],
    ),
  )
}
