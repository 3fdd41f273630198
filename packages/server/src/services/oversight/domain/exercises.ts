import type { DimensionName } from './parameters.ts'

/** An exercise, suited to any kind of decision. */
export type Exercise = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly dimension: DimensionName
  readonly minutes: number
  readonly steps: readonly string[]
  /** Number of the operator's own cases that the exercise needs. */
  readonly cases: number
}

/** The label of every exercise, shown before it is answered, so that nobody practises without knowing it. */
export const practiceLabel =
  'Practice. Announced before you answer, with its purpose, and with its result afterwards.'

/** Two exercises per dimension (specification 6). */
export const exercises: readonly Exercise[] = [
  {
    id: 'answer-then-look',
    title: 'Answer, then look',
    description: 'Write your own answer before the advice is shown, then decide with both.',
    dimension: 'deferral_resistance',
    minutes: 15,
    steps: [
      'Read the case alone.',
      'Write your answer and one reason.',
      'Open the advice.',
      'Decide, and note what moved you.',
    ],
    cases: 6,
  },
  {
    id: 'hold-your-ground',
    title: 'Hold your ground',
    description: 'Where you and the advice disagree, name the fact that would settle it before you choose.',
    dimension: 'deferral_resistance',
    minutes: 15,
    steps: [
      'Collect cases in which you disagreed.',
      'Name the one fact that decides.',
      'Look for it.',
      'Choose by what you found.',
    ],
    cases: 4,
  },
  {
    id: 'three-reasons-it-may-be-wrong',
    title: 'Three reasons it may be wrong',
    description: 'Give the advice three chances to fail before you follow it.',
    dimension: 'error_detection',
    minutes: 12,
    steps: [
      'Read the advice.',
      'Write three ways in which it could be wrong.',
      'Check the likeliest.',
      'Decide.',
    ],
    cases: 5,
  },
  {
    id: 'spot-the-seeded-error',
    title: 'Find the seeded error',
    description:
      'In a practice set one piece of advice is wrong on purpose, and says so at the end. Find it.',
    dimension: 'error_detection',
    minutes: 20,
    steps: [
      'Open the practice set.',
      'Judge each piece of advice.',
      'Mark the one that is wrong.',
      'Compare with the solution.',
    ],
    cases: 8,
  },
  {
    id: 'a-day-without',
    title: 'Without advice',
    description: 'Decide a few cases with the advice withheld, then compare.',
    dimension: 'independent_performance',
    minutes: 20,
    steps: [
      'Take cases without advice.',
      'Decide each.',
      'Open the outcomes.',
      'Note what you would have missed.',
    ],
    cases: 5,
  },
  {
    id: 'explain-to-a-colleague',
    title: 'Explain it to a colleague',
    description: 'Decide alone and explain the decision in two sentences that need no advice.',
    dimension: 'independent_performance',
    minutes: 15,
    steps: [
      'Decide without advice.',
      'Explain it in two sentences.',
      'Ask what is missing.',
      'Decide again.',
    ],
    cases: 3,
  },
  {
    id: 'sort-without-the-ranking',
    title: 'Sort without the ranking',
    description:
      'See the options in no order, and rank them yourself before you see how the advice ranks them.',
    dimension: 'deliberation_depth',
    minutes: 12,
    steps: [
      'Shuffle the options.',
      'Rank them.',
      'Open the ranking of the advice.',
      'Explain each difference.',
    ],
    cases: 4,
  },
  {
    id: 'one-more-source',
    title: 'One more source',
    description: 'Open one source that you would have skipped before each decision.',
    dimension: 'deliberation_depth',
    minutes: 15,
    steps: [
      'Read the case.',
      'Open a source that you would skip.',
      'Note whether it changed anything.',
      'Decide.',
    ],
    cases: 5,
  },
  {
    id: 'after-the-miss',
    title: 'After the miss',
    description: 'Take three cases right after an error that was found, and check what the error was about.',
    dimension: 'post_error_recalibration',
    minutes: 15,
    steps: ['Recall the error.', 'Name its cause.', 'Decide three cases.', 'Check each for the same cause.'],
    cases: 3,
  },
  {
    id: 'error-diary',
    title: 'A diary of errors',
    description: 'Write down each error of the advice, and which sign would have shown it.',
    dimension: 'post_error_recalibration',
    minutes: 10,
    steps: [
      'List the last errors.',
      'Write the sign of each.',
      'Look for these signs in new cases.',
      'Count how often they held.',
    ],
    cases: 4,
  },
  {
    id: 'say-how-sure',
    title: 'Say how sure you are',
    description: 'Give a share of confidence with each decision and compare it with how they turned out.',
    dimension: 'domain_confidence',
    minutes: 12,
    steps: ['Decide.', 'Say how sure you are.', 'Open the outcomes.', 'Compare, band by band.'],
    cases: 8,
  },
  {
    id: 'defend-your-change',
    title: 'Defend your change',
    description: 'For each piece of advice that you changed, say what you knew that it did not.',
    dimension: 'domain_confidence',
    minutes: 15,
    steps: [
      'Collect advice that you changed.',
      'Say what you knew.',
      'Compare with the outcome.',
      'Keep what held.',
    ],
    cases: 4,
  },
  {
    id: 'find-your-rate',
    title: 'Find your rate',
    description: 'Compare how often you depart from advice with how often it is wrong.',
    dimension: 'decision_autonomy',
    minutes: 10,
    steps: [
      'Count how often you departed.',
      'Count how often the advice was wrong.',
      'Name the gap.',
      'Pick cases to depart from, or to follow.',
    ],
    cases: 10,
  },
  {
    id: 'choose-to-stop',
    title: 'Choose to stop',
    description: 'Go through a case in which stopping would have been right, and rehearse how it is done.',
    dimension: 'decision_autonomy',
    minutes: 15,
    steps: [
      'Take a case that went wrong.',
      'Find the moment to stop.',
      'Rehearse the stop.',
      'Write down who is told.',
    ],
    cases: 2,
  },
]

/** Exercises for the first dimension, then for the second if there is one. `own` are the organisation's exercises. */
export function chooseExercises(
  target: DimensionName | null,
  also: DimensionName | null,
  own: readonly Exercise[] = [],
): readonly Exercise[] {
  const all = [...exercises, ...own]
  return [target, also].flatMap((name) => all.filter(({ dimension }) => dimension === name))
}
