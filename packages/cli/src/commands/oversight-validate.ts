import { resolve } from 'node:path'
import type { OversightValidation } from '@gatehouse/server/local'
import { exitCodes, type Command } from '../command.ts'

export const oversightValidate: Command = {
  name: 'oversight validate',
  summary: 'Check the oversight model against every published figure, without a server',
  description:
    'Runs every known answer of the model on this machine, and the recipe that says what its measures are worth on\n' +
    'the public table of decisions (Zhang 2023). Exit code 0 only when everything is as published.',
  options: {
    data: {
      type: 'string',
      placeholder: 'PATH',
      about:
        'The public table, chatgpt-advice.csv or .csv.gz; unset: the one beside the checkout, if there is one',
    },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse oversight validate',
    'gatehouse oversight validate --data chatgpt-advice.csv.gz',
    'gatehouse oversight validate --json',
  ],
  run: async (values, { folder, out, note, progress }) => {
    const { validateOversight } = await import('@gatehouse/server/local')
    const { data } = values
    progress('Running the known answers and 300 random halves of the table …\n')
    const result = await validateOversight(data === undefined ? undefined : resolve(folder, String(data)))
    if (values['json'] === true) out(`${JSON.stringify(result)}\n`)
    else out(toText(result))
    if (result.validity === null)
      note(
        'The public table was not found, so what the measures are worth was not checked: name it with --data\n',
      )
    return result.passed ? exitCodes.done : exitCodes.failed
  },
}

function toText({
  modelVersion,
  paramsHash,
  answers,
  faults,
  validity,
  passed,
}: OversightValidation): string {
  const known = faults.length === 0 ? `all ${answers} as published` : `otherwise: ${faults.join('; ')}`
  return [
    `${modelVersion}, parameters ${paramsHash}`,
    `known answers: ${known}`,
    ...(validity === null ? [] : toTable(validity)),
    passed ? 'as published' : 'NOT as published',
    '',
  ].join('\n')
}

function toTable({ people, decisions, measures, departures }: NonNullable<OversightValidation['validity']>) {
  const heads = ['r', 'SB', 'n80', 'over', 'final', 'gain', 'people']
  const rows = measures.map((one) => [
    `${departures.includes(one.measure) ? '! ' : ''}${one.measure}`,
    one.r.toFixed(2),
    one.reliability.toFixed(2),
    one.decisionsFor80.toFixed(0),
    one.withOverReliance.toFixed(2),
    one.withFinalAccuracy.toFixed(2),
    one.withTeamGain.toFixed(2),
    one.people.toFixed(0),
  ])
  const width = Math.max(...rows.map(([name = '']) => name.length))
  return [
    `${people} people, ${decisions} decisions: between halves (r, SB, decisions for 0.8), and with the other half's`,
    'over-reliance, final accuracy and team gain',
    ['measure'.padEnd(width), ...heads.map((head) => head.padStart(7))].join(''),
    ...rows.map(([name = '', ...cells]) =>
      [name.padEnd(width), ...cells.map((cell) => cell.padStart(7))].join(''),
    ),
  ]
}
