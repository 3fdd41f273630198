import { parseArgs } from 'node:util'
import { type Command, exitCodes, type Terminal, UsageError, type Values } from './command.ts'
import { commandHelp, overviewHelp } from './help.ts'

/** Finds the command, reads its options and runs it; resolves to the exit code of the process. */
export async function run(
  commands: readonly Command[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const command = findCommand(commands, argv)
  if (command === undefined) return overview(commands, argv, terminal)
  const rest = argv.slice(command.name.split(' ').length)
  if (rest.includes('--help') || rest.includes('-h')) {
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

function overview(commands: readonly Command[], argv: readonly string[], terminal: Terminal): number {
  const [first] = argv
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    terminal.out(overviewHelp(commands))
    return exitCodes.done
  }
  const words = argv.filter((word) => !word.startsWith('-')).slice(0, 2)
  terminal.note(`gatehouse: there is no command "${words.join(' ') || first}"\n\n${overviewHelp(commands)}`)
  return exitCodes.misused
}

function parseOptions(command: Command, argv: readonly string[]): Values {
  let values: Values
  try {
    const parsed = parseArgs({ args: [...argv], options: { ...command.options }, allowPositionals: false })
    values = parsed.values
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ', 1)[0] ?? '') : String(error), {
      cause: error,
    })
  }
  for (const [flag, { required }] of Object.entries(command.options))
    if (required && (values[flag] === undefined || values[flag] === ''))
      throw new UsageError(`--${flag} is required`)
  return values
}

/** What a refusal says to people; its code is for programs. */
function toSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'detail' in error && typeof error.detail === 'string' ? error.detail : error.message
}
