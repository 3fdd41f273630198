import { exitCodes, type Command, type Option, UsageError, type Values } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'

const thresholds = ['high_enter', 'high_exit', 'low_enter', 'low_exit', 'enter_k', 'exit_k'] as const
const optionOf = (name: (typeof thresholds)[number]): string => name.replace('_', '-')

export const volatilityPresets: Command = {
  name: 'volatility presets',
  summary: "List the presets, or save or delete one of the organisation's own",
  description:
    'A threshold that is not given is that of `--base`. Each time a preset is saved it gets a new version.',
  options: {
    save: { type: 'string', placeholder: 'NAME', about: 'Make this preset, or replace it' },
    delete: { type: 'string', placeholder: 'NAME', about: 'Delete this preset' },
    base: { type: 'string', placeholder: 'NAME', about: 'Unset: balanced' },
    ...Object.fromEntries(
      thresholds.map((name): [string, Option] => [
        optionOf(name),
        {
          type: 'string',
          placeholder: 'NUMBER',
          about: name.endsWith('_k') ? 'How many bars in a row it takes' : 'A level of z',
        },
      ]),
    ),
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: [
    'gatehouse volatility presets',
    'gatehouse volatility presets --save night-shift --high-enter 3.25 --exit-k 12',
    'gatehouse volatility presets --delete night-shift',
  ],
  run: async (values, terminal) => {
    const { save, delete: gone } = values
    if (save !== undefined && gone !== undefined) throw new UsageError('give --save or --delete, not both')
    if (
      save === undefined &&
      [...thresholds.map(optionOf), 'base'].some((name) => values[name] !== undefined)
    )
      throw new UsageError('thresholds and --base go with --save')
    const { presets } = (await openRemote(values, terminal, 'volatility')).volatility
    const print = (reply: object, text: string): number => {
      terminal.out(`${values['json'] === true ? JSON.stringify(reply) : text}\n`)
      return exitCodes.done
    }
    if (typeof gone === 'string') return print(await presets.deleteCustom(gone), `${gone} is deleted`)
    if (typeof save === 'string') {
      const saved = await presets.upsertCustom(save, toWanted(values))
      return print(saved, toLine(saved))
    }
    const reply = await presets.list()
    return print(reply, reply.presets.map((one) => toLine(one)).join('\n'))
  },
}

function toWanted(values: Values): Parameters<Presets['upsertCustom']>[1] {
  const { base } = values
  const given = thresholds.flatMap((name) => {
    const option = optionOf(name)
    const value = values[option]
    if (typeof value !== 'string') return []
    const level = Number(value)
    if (value.trim() === '' || !Number.isFinite(level)) throw new UsageError(`--${option} must be a number`)
    return [[name, level] as const]
  })
  return { ...Object.fromEntries(given), ...(typeof base === 'string' ? { base } : {}) }
}

type Presets = Awaited<ReturnType<typeof openRemote>>['volatility']['presets']
type Preset = Awaited<ReturnType<Presets['get']>>

function toLine({ name, builtin, version, ...levels }: Preset): string {
  const whose = builtin ? 'built in' : `version ${version}`
  return `${name} (${whose}): ${thresholds.map((one) => `${one} ${levels[one]}`).join(', ')}`
}
