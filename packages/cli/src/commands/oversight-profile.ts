import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { toStanding } from '../standing.ts'

export const oversightProfile: Command = {
  name: 'oversight profile',
  summary: 'Read how an operator relies on AI advice, and how sure that is',
  description: 'Reliance first, then independence; nothing below the minimum of decisions.',
  options: {
    operator: { type: 'string', placeholder: 'ID', about: 'Pseudonym of the operator', required: true },
    domain: {
      type: 'string',
      placeholder: 'NAME',
      about: 'Such as financial; unset: the one with most evidence',
    },
    window: { type: 'string', placeholder: 'DAYS', about: '30, 90, 365 or all; unset: 90' },
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: [
    'gatehouse oversight profile --operator analyst-42',
    'gatehouse oversight profile --operator analyst-42 --domain financial --window 365 --json',
  ],
  run: async (values, terminal) => {
    const { oversight } = await openRemote(values, terminal)
    const { operator, domain, window } = values
    // Safe: the server validates both values, and its error lists the allowed ones.
    const query = {
      ...(domain === undefined ? {} : { domain }),
      ...(window === undefined ? {} : { window }),
    } as NonNullable<Parameters<typeof oversight.profile>[1]>
    const reply = await oversight.profile(String(operator), query)
    if (values['json'] === true) {
      terminal.out(`${JSON.stringify(reply)}\n`)
      return exitCodes.done
    }
    const { profile, reliance } = reply
    const standing = { ...profile, displayed_jis: reply.displayed_jis }
    terminal.out(`${[...toLines(reliance), toStanding(standing)].join('\n')}\n`)
    return exitCodes.done
  },
}

type TeamGain = {
  readonly basis?: 'initial_decision' | 'unaided'
  readonly own_accuracy?: number
  readonly ai_accuracy?: number | null
  readonly final_accuracy?: number
}

/** The known accuracies, from which the team gain is computed. */
function toAccuracies({
  basis,
  own_accuracy: own,
  ai_accuracy: ai,
  final_accuracy: final,
}: TeamGain): readonly string[] {
  if (own === undefined || final === undefined) return []
  const alone = ai === null || ai === undefined ? '' : `, the AI alone ${toPercent(ai)}`
  const cases = basis === 'unaided' ? ' (different cases: send initial_decision to compare the same)' : ''
  return [`right: alone ${toPercent(own)}${alone}, together ${toPercent(final)}${cases}`]
}

function toPercent(share: number): string {
  return `${Math.round(share * 100)}%`
}

type Metric = {
  readonly value: number | null
  readonly n: number
  readonly low: number | null
  readonly high: number | null
}

const shown = {
  team_gain: 'team gain',
  over_reliance: 'over-reliance',
  under_reliance: 'under-reliance',
} as const

function toLines(
  reliance: Readonly<Record<keyof typeof shown, Metric>> & { readonly team_gain: TeamGain },
): readonly string[] {
  const [teamGain = '', ...others] = toMetrics(reliance)
  return [teamGain, ...toAccuracies(reliance.team_gain), ...others]
}

function toMetrics(reliance: Readonly<Record<keyof typeof shown, Metric>>): readonly string[] {
  // Safe: the literal's own keys.
  const names = Object.keys(shown) as (keyof typeof shown)[]
  return names.map((name) => {
    const { value, n, low, high } = reliance[name]
    if (value === null) return `${shown[name]}: too few decisions tell (${n})`
    const sure = low === null || high === null ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`
    return `${shown[name]}: ${value.toFixed(2)}${sure}, of ${n} decisions`
  })
}
