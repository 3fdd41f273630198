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
  const { prefix, group } = findGroup(commands, words)
  if (prefix.length > 0 && prefix.length === words.length) {
    ;(isAsked ? terminal.out : terminal.note)(groupHelp(prefix.join(' '), group))
    return isAsked ? exitCodes.done : exitCodes.misused
  }
  if (argv.length === 0 || (isAsked && words.length === 0)) {
    terminal.out(overviewHelp(commands))
    return exitCodes.done
  }
  const typed = words.slice(0, Math.max(2, prefix.length + 1)).join(' ')
  terminal.note(
    typed === ''
      ? `gatehouse: there is no option ${argv[0]}\n`
      : `gatehouse: there is no command "${typed}"${toSuggestion(typed, words, commands)}\n`,
  )
  terminal.note(`Run \`${['gatehouse', ...prefix].join(' ')} --help\` for what there is.\n`)
  return exitCodes.misused
}

/** The commands whose names begin with the most of the typed words, and those words. */
function findGroup(
  commands: readonly Command[],
  words: readonly string[],
): { readonly prefix: readonly string[]; readonly group: readonly Command[] } {
  for (let length = words.length; length > 0; length -= 1) {
    const prefix = words.slice(0, length)
    const group = commands.filter(({ name }) => name.startsWith(`${prefix.join(' ')} `))
    if (group.length > 0) return { prefix, group }
  }
  return { prefix: [], group: [] }
}

function toSuggestion(typed: string, words: readonly string[], commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name)
  const beginnings = names.flatMap((name) =>
    name.split(' ').map((_, index, all) => all.slice(0, index).join(' ')),
  )
  const groups = [...new Set(beginnings)].filter((beginning) => beginning !== '')
  const [first = ''] = words
  const near = suggest(typed, names) ?? suggest(typed, groups)
  const meant = near ?? (groups.includes(first) ? undefined : suggest(first, groups))
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
