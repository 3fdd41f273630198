import type { Interaction } from './interaction.ts'

/** One decision of the public table, and who made it. */
export type AdviceRow = { readonly person: string; readonly interaction: Interaction }

const options = ['A', 'B', 'C', 'D'] as const

/**
 * The usable rows of the public table of decisions with AI advice (Zhang 2023), selected as in specification 17, in
 * file order. Throws if the text is a different table.
 */
export function readAdviceTable(csv: string): readonly AdviceRow[] {
  const [header = '', ...lines] = csv.trimEnd().split(/\r?\n/)
  const columns = splitLine(header)
  const missing = needed.filter((name) => !columns.includes(name))
  if (missing.length > 0)
    throw new Error(`This is not the table of advice: it has no ${missing.join(', no ')}`)
  return lines.flatMap((line) => {
    const cells = splitLine(line)
    return toRow((name) => cells[columns.indexOf(name)] ?? '')
  })
}

const needed = [
  'participant_id',
  'advice_answer',
  'advice_is_correct',
  'correct_answer',
  'adjusted_time',
  ...options.flatMap((option) => [`init_choice${option}`, `adjusted_choice${option}`]),
]

function toRow(cell: (name: string) => string): readonly AdviceRow[] {
  const advice = options.find((option) => option === cell('advice_answer'))
  const own = uniqueMaximum((option) => Number(cell(`init_choice${option}`)))
  const final = uniqueMaximum((option) => Number(cell(`adjusted_choice${option}`)))
  if (advice === undefined || own === undefined || final === undefined) return []
  const interaction: Interaction = {
    aiRecommendationPresented: true,
    aiAvailable: true,
    timeToDecisionMs: Math.round(1_000 * Number(cell('adjusted_time'))),
    decision: final === advice ? 'accepted' : 'rejected',
    modificationExtent: 0,
    scenarioType: 'split',
    outcomeCorrect: final === cell('correct_answer'),
    hoverEvents: null,
    scrollDepth: null,
    alternativeViewsChecked: null,
    aiCorrect: Number(cell('advice_is_correct')) === 1,
    operatorConfidence: null,
    initialDecision: {
      agreesWithAi: own === advice,
      correct: own === cell('correct_answer'),
      values: {
        value: Number(cell(`init_choice${advice}`)),
        aiValue: 1,
        finalValue: Number(cell(`adjusted_choice${advice}`)),
      },
    },
  }
  return [{ person: cell('participant_id'), interaction }]
}

function uniqueMaximum(valueOf: (option: string) => number): string | undefined {
  const values = options.map((option) => ({ option, value: valueOf(option) }))
  const most = Math.max(...values.map(({ value }) => value))
  const best = values.filter(({ value }) => value === most)
  return best.length === 1 ? best[0]?.option : undefined
}

/** Splits one line of this file's CSV dialect, in which quoted cells contain no quotes. */
function splitLine(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
