import { type Command, exitCodes, type Option } from './command.ts'

export function overviewHelp(commands: readonly Command[]): string {
  return [
    'Usage: gatehouse COMMAND [OPTIONS]',
    '',
    ...listCommands(commands),
    '',
    'Run `gatehouse COMMAND --help` for the options of a command, `gatehouse --version` for the version.',
    `Exit codes: ${exitCodes.done} done, ${exitCodes.failed} failed, ${exitCodes.misused} wrong command line, ${exitCodes.partly} done in part, ${exitCodes.interrupted} interrupted.`,
    '',
  ].join('\n')
}

/** Help for all commands that begin with the same word. */
export function groupHelp(word: string, commands: readonly Command[]): string {
  return [
    `Usage: gatehouse ${word} COMMAND [OPTIONS]`,
    '',
    ...listCommands(commands),
    '',
    `Run \`gatehouse ${word} COMMAND --help\` for the options of a command.`,
    '',
  ].join('\n')
}

function listCommands(commands: readonly Command[]): readonly string[] {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return ['Commands:', ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)]
}

export function commandHelp({ name, summary, description, options, examples }: Command): string {
  const flags = Object.entries(options).map(
    ([flag, option]) => [toFlag(flag, option), toAbout(option)] as const,
  )
  const rows = [...flags, ['--help', 'Show this'] as const]
  const width = Math.max(...rows.map(([flag]) => flag.length))
  return [
    `Usage: gatehouse ${name} [OPTIONS]`,
    '',
    summary,
    ...(description === undefined ? [] : ['', description]),
    '',
    'Options:',
    ...rows.map(([flag, about]) => `  ${flag.padEnd(width)}  ${about}`),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n')
}

function toFlag(flag: string, { placeholder }: Option): string {
  return placeholder === undefined ? `--${flag}` : `--${flag} ${placeholder}`
}

function toAbout({ about, required }: Option): string {
  return required ? `${about} (required)` : about
}
