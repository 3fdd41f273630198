import type { Detection, Interval, Scores } from './scores.ts'

/** The values of `method=`; the first is the default. */
export const servedMethods = ['published', 'har-gk', 'rv-level'] as const
export type ServedMethod = (typeof servedMethods)[number]

/**
 * The compared entrants: the default as served, the served methods fitted on each training part, and baselines that
 * are never served.
 */
export const entrantNames = [
  'published-fixed',
  'published',
  'har-gk',
  'rv-level',
  'always-normal',
  'percentile',
  'cusum',
  'hmm-2',
  'hmm-3',
] as const
export type EntrantName = (typeof entrantNames)[number]

/** What users get by default: the published method with the preset balanced. */
export const defaultEntrant = 'published-fixed' satisfies EntrantName

/**
 * Budgets of alerts per day in training: the upper ends of the presets' bands, and what balanced costs on the known
 * month.
 */
export const alertBudgets = [4, 5.6, 8, 20] as const

export type LabelKind = 'global' | 'local'

/** An entrant's scores on bars that it was not fitted on. */
export type EntrantScore = {
  readonly name: EntrantName
  /**
   * Whether it kept to the budget in the training part of every fold. An entrant that did not is shown but cannot
   * win.
   */
  readonly isWithinBudget: boolean
  readonly scores: Scores
  /** 95 % interval of macro-F1; null for less than a day of bars. */
  readonly interval: Interval | null
  readonly alertsPerDay: number
  readonly detection: Detection
  /**
   * Macro-F1 minus that of the default on the bars that both count, with its 95 % interval; null for the default
   * itself.
   */
  readonly lead: { readonly by: number; readonly interval: Interval | null } | null
  /** The settings chosen in the training part of each fold. */
  readonly chosen: readonly Readonly<Record<string, number>>[]
  /** The same from other starts. */
  readonly movedStarts: readonly MovedStart[]
}

export type MovedStart = {
  readonly byDays: number
  readonly macroF1: number
  readonly alertsPerDay: number
  readonly leadBy: number | null
}

export type Contest = {
  readonly labels: LabelKind
  readonly alertsPerDayMost: number
  readonly winner: EntrantName
  /**
   * Whether the difference between winner and default is significant; also true if the default wins by more than its
   * interval.
   */
  readonly isDifferenceShown: boolean
  readonly sentence: string
  /** All entrants, best first. */
  readonly entrants: readonly EntrantScore[]
}

/**
 * Finds the entrant that labels bars best within an alert budget. A difference is claimed only if the interval of the
 * lead is on one side of 0 and no moved start has it on the other.
 */
export function judgeContest(
  labels: LabelKind,
  alertsPerDayMost: number,
  entrants: readonly EntrantScore[],
): Contest | undefined {
  const ranked = entrants.toSorted((a, b) => b.scores.macroF1 - a.scores.macroF1)
  const winner = ranked.find(({ isWithinBudget }) => isWithinBudget)
  const standard = entrants.find(({ name }) => name === defaultEntrant)
  if (winner === undefined || standard === undefined) return undefined
  const contest = { labels, alertsPerDayMost, winner: winner.name, entrants: ranked }
  const where = `${labels === 'global' ? "Against the month's own levels" : "Against the last day's levels"}, at ${alertsPerDayMost} alerts a day at most`
  if (winner.name === defaultEntrant) {
    const second = ranked.find(({ name, isWithinBudget }) => isWithinBudget && name !== defaultEntrant)
    const isDifferenceShown = second !== undefined && isBehind(second)
    return {
      ...contest,
      isDifferenceShown,
      sentence: `${where}, the default labels bars best: ${toText(winner)}${second === undefined ? '' : `; next is ${second.name} with ${toText(second)}`}${isDifferenceShown || second === undefined ? '' : ', and no difference is shown'}.`,
    }
  }
  const isDifferenceShown = isAhead(winner)
  const against = `${winner.name} has ${toText(winner)} against ${toText(standard)} of the default`
  return {
    ...contest,
    isDifferenceShown,
    sentence: isDifferenceShown
      ? `${where}, the default loses: ${against}, ahead by ${toLead(winner)}${toStarts(winner)}.`
      : `${where}, ${against}, and no difference is shown (${toLead(winner)}${toStarts(winner)}).`,
  }
}

function isAhead({ lead, movedStarts }: EntrantScore): boolean {
  return (lead?.interval?.[0] ?? 0) > 0 && movedStarts.every(({ leadBy }) => leadBy === null || leadBy > 0)
}

function isBehind({ lead, movedStarts }: EntrantScore): boolean {
  return (lead?.interval?.[1] ?? 0) < 0 && movedStarts.every(({ leadBy }) => leadBy === null || leadBy < 0)
}

function toText({ scores, alertsPerDay }: EntrantScore): string {
  return `macro-F1 ${scores.macroF1.toFixed(3)} at ${alertsPerDay.toFixed(1)} alerts a day`
}

function toLead({ lead }: EntrantScore): string {
  const interval = lead?.interval ?? null
  const by = (lead?.by ?? 0).toFixed(3)
  return interval === null
    ? `${by}, too few bars for an interval`
    : `${by}, 95% interval ${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}`
}

function toStarts({ movedStarts }: EntrantScore): string {
  if (movedStarts.length === 0) return ''
  const ahead = movedStarts.filter(({ leadBy }) => (leadBy ?? 0) > 0).length
  return `; ahead from ${ahead} of ${movedStarts.length} moved starts`
}
