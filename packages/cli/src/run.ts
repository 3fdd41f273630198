import { parseArgs } from 'node:util'
import { type Command, exitCodes, type Terminal, UsageError, type Values } from './command.ts'
import { commandHelp, groupHelp, overviewHelp } from './help.ts'
import { suggest } from './suggest.ts'

export type Program = { readonly commands: readonly Command[]; readonly version: string }

const helpFlags = new Set(['--help', '-h'])
const versionFlags = new Set(['--version', '-V', 'version'])

/** Finds the command, reads its options and runs it; resolves to the exit code of the process. */
export async function run(program: Program, argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...others] = argv
  // `help keys` is `keys --help`.
  if (first === 'help')
    return run(program, [...others.filter((word) => !helpFlags.has(word)), '--help'], terminal)
  if (first !== undefined && versionFlags.has(first)) {
    terminal.out(`gatehouse ${program.version}\n`)
    return exitCodes.done
  }
  const command = findCommand(program.commands, argv)
  if (command === undefined) return overview(program.commands, argv, terminal)
  const rest = argv.slice(command.name.split(' ').length)
  if (rest.some((word) => helpFlags.has(word))) {
    terminal.out(commandHelp(command))
    return exitCodes.done
  }
  try {
    return await command.run(parseOptions(command, rest), terminal)
  } catch (error) {
    terminal.note(`gatehouse ${command.name}: ${toSentence(error)}\n`)
    if (!(error instanceof UsageError)) return exitCodes.failed
    terminal.note(`Run \`gatehouse ${command.name} --help\` for its options.\n`)
    return exitCodes.misused
  }
}

function findCommand(commands: readonly Command[], argv: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, index) => argv[index] === word))
}

/** No command matches: prints the overview if help was asked for, otherwise an error. */
function overview(commands: readonly Command[], argv: readonly string[], terminal: Terminal): number {
  const isAsked = argv.some((word) => helpFlags.has(word))
  const words = argv.filter((word) => !word.startsWith('-'))
  const [first] = words
  const group = commands.filter(({ name }) => name.startsWith(`${first} `))
  if (words.length === 1 && first !== undefined && group.length > 0) {
    ;(isAsked ? terminal.out : terminal.note)(groupHelp(first, group))
    return isAsked ? exitCodes.done : exitCodes.misused
  }
  if (argv.length === 0 || (isAsked && words.length === 0)) {
    terminal.out(overviewHelp(commands))
    return exitCodes.done
  }
  const typed = words.slice(0, 2).join(' ')
  terminal.note(
    typed === ''
      ? `gatehouse: there is no option ${argv[0]}\n`
      : `gatehouse: there is no command "${typed}"${toSuggestion(typed, first ?? '', commands)}\n`,
  )
  terminal.note(`Run \`gatehouse${group.length > 0 ? ` ${first}` : ''} --help\` for what there is.\n`)
  return exitCodes.misused
}

function toSuggestion(typed: string, first: string, commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name)
  const groups = [...new Set(names.flatMap((name) => name.split(' ').slice(0, 1)))]
  const meant = suggest(typed, names) ?? suggest(first, groups)
  return meant === undefined ? '' : `. Did you mean \`gatehouse ${meant}\`?`
}

function parseOptions(command: Command, argv: readonly string[]): Values {
  let values: Values
  try {
    const parsed = parseArgs({ args: [...argv], options: { ...command.options }, allowPositionals: false })
    values = parsed.values
  } catch (error) {
    throw new UsageError(toComplaint(error, command), { cause: error })
  }
  for (const [flag, { required }] of Object.entries(command.options))
    if (required && (values[flag] === undefined || values[flag] === ''))
      throw new UsageError(`--${flag} is required`)
  return values
}

function toComplaint(error: unknown, { options }: Command): string {
  const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ', 1)
  const [, unknown] = /^Unknown option '--([^']+)'/.exec(sentence) ?? []
  const meant = unknown === undefined ? undefined : suggest(unknown, [...Object.keys(options), 'help'])
  return meant === undefined ? sentence : `${sentence}. Did you mean --${meant}?`
}

/** The error message for users; error codes are for programs. */
function toSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'detail' in error && typeof error.detail === 'string' ? error.detail : error.message
}
