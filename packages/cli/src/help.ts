import { type Command, exitCodes, type Option } from './command.ts'

export function overviewHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Usage: gatehouse COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Run `gatehouse COMMAND --help` for the options of a command.',
    `Exit codes: ${exitCodes.done} done, ${exitCodes.failed} failed, ${exitCodes.misused} wrong command line.`,
    '',
  ].join('\n')
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
