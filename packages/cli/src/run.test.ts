import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { type Command, exitCodes, type Terminal, type Values } from './command.ts'
import { commands } from './commands/index.ts'
import { run } from './run.ts'

const program = { commands, version: '1.2.3' }
const of = (...some: readonly Command[]) => ({ commands: some, version: '1.2.3' })

function fakeTerminal(input = ''): Terminal & { readonly written: { out: string; note: string } } {
  const written = { out: '', note: '' }
  return {
    written,
    env: {},
    folder: '/',
    out: (text) => void (written.out += text),
    note: (text) => void (written.note += text),
    progress: () => undefined,
    interruption: () => new AbortController().signal,
    input: Readable.from([input]),
  }
}

function recorder(): { readonly command: Command; readonly calls: Values[] } {
  const calls: Values[] = []
  const command: Command = {
    name: 'tea make',
    summary: 'Make tea',
    options: {
      leaf: { type: 'string', placeholder: 'KIND', about: 'Which tea', required: true },
      json: { type: 'boolean', about: 'Print JSON' },
    },
    examples: ['gatehouse tea make --leaf sencha'],
    run: async (values) => {
      calls.push(values)
      return exitCodes.done
    },
  }
  return { command, calls }
}

it('options reach the command', async () => {
  const { command, calls } = recorder()
  expect(await run(of(command), ['tea', 'make', '--leaf=sencha', '--json'], fakeTerminal())).toBe(0)
  expect(calls).toEqual([{ leaf: 'sencha', json: true }])
})

it.each([
  ['a missing option is named', ['tea', 'make'], '--leaf is required'],
  ['an unknown option is named', ['tea', 'make', '--leaf', 'x', '--milk'], "Unknown option '--milk'"],
  ['a stray word is named', ['tea', 'make', '--leaf', 'x', 'now'], "Unexpected argument 'now'"],
])('%s, and the exit code is 2', async (_promise, argv, sentence) => {
  const { command, calls } = recorder()
  const terminal = fakeTerminal()
  expect(await run(of(command), argv, terminal)).toBe(exitCodes.misused)
  expect(terminal.written.note).toContain(sentence)
  expect(terminal.written.out).toBe('')
  expect(calls).toEqual([])
})

it.each([
  ['brew', 'there is no command "brew"', undefined],
  ['sevre', 'there is no command "sevre"', 'gatehouse serve'],
  ['key create --name x', 'there is no command "key create"', 'gatehouse keys create'],
  ['keys craete', 'there is no command "keys craete"', 'gatehouse keys create'],
  ['secret status', 'there is no command "secret status"', 'gatehouse secrets status'],
  ['orgs lsit --json', 'there is no command "orgs lsit"', 'gatehouse orgs list'],
  ['orgs xyz', 'there is no command "orgs xyz"', undefined],
  [
    'volatility symbols chek',
    'there is no command "volatility symbols chek"',
    'gatehouse volatility symbols check',
  ],
  ['runbook run jwt-kee', 'there is no command "runbook run jwt-kee"', 'gatehouse runbook run jwt-key'],
  ['runbook rnu jwt-key', 'there is no command "runbook rnu"', 'gatehouse runbook run'],
  ['--verison', 'there is no option --verison', undefined],
])('%s is refused in two lines on standard error, and the exit code is 2', async (line, sentence, meant) => {
  const terminal = fakeTerminal()
  expect(await run(program, line.split(' '), terminal)).toBe(exitCodes.misused)
  expect(terminal.written.note).toContain(sentence)
  expect(terminal.written.note.split('\n')).toHaveLength(3)
  expect(/Did you mean `(.*)`\?/.exec(terminal.written.note)?.[1]).toBe(meant)
  expect(terminal.written.out).toBe('')
})

it.each(['runbook run', 'volatility symbols', 'audit'])(
  'what commands begin with is told with its commands: %s',
  async (words) => {
    const terminal = fakeTerminal()
    expect(await run(program, [...words.split(' '), '--help'], terminal)).toBe(exitCodes.done)
    expect(terminal.written.out).toContain(`Usage: gatehouse ${words} COMMAND`)
    expect(await run(program, words.split(' '), terminal)).toBe(exitCodes.misused)
    expect(terminal.written.note).toContain(`Usage: gatehouse ${words} COMMAND`)
  },
)

it('a slip in an option is told, with the option that was meant', async () => {
  const terminal = fakeTerminal()
  expect(await run(program, ['orgs', 'list', '--jsno'], terminal)).toBe(exitCodes.misused)
  expect(terminal.written.note).toContain("Unknown option '--jsno'. Did you mean --json?")
})

it.each(['--version', '-V', 'version'])('%s prints the version, and nothing else', async (flag) => {
  const terminal = fakeTerminal()
  expect(await run(program, [flag], terminal)).toBe(exitCodes.done)
  expect(terminal.written).toEqual({ out: 'gatehouse 1.2.3\n', note: '' })
})

it.each([
  ['keys --help', 'Usage: gatehouse keys COMMAND', 'keys create', 'owner create'],
  ['secrets -h', 'Usage: gatehouse secrets COMMAND', 'secrets rotate', 'keys create'],
  ['help owner', 'Usage: gatehouse owner COMMAND', 'owner link', 'keys create'],
  ['help owner link', 'Usage: gatehouse owner link', '--json', 'owner create'],
  ['help', 'Usage: gatehouse COMMAND', 'orgs list', '--json'],
  ['--help', 'Usage: gatehouse COMMAND', 'owner create', '--json'],
])('%s shows what was asked for, and nothing else', async (line, usage, shown, absent) => {
  const terminal = fakeTerminal()
  expect(await run(program, line.split(' '), terminal)).toBe(exitCodes.done)
  expect(terminal.written.out).toContain(usage)
  expect(terminal.written.out).toContain(shown)
  expect(terminal.written.out).not.toContain(absent)
  expect(terminal.written.note).toBe('')
})

it('a group without a command shows its commands on standard error, and the exit code is 2', async () => {
  const terminal = fakeTerminal()
  expect(await run(program, ['keys'], terminal)).toBe(exitCodes.misused)
  expect(terminal.written.note).toContain('keys create')
  expect(terminal.written.out).toBe('')
})

it('nothing is coloured, so NO_COLOR is always kept', async () => {
  for (const line of ['--help', 'keys --help', 'keys create --help', 'brew']) {
    const terminal = fakeTerminal()
    await run(program, line.split(' '), terminal)
    expect(terminal.written.out + terminal.written.note).not.toContain('\u001b')
  }
})

it('a failure is one sentence, without a stack', async () => {
  const { command } = recorder()
  const terminal = fakeTerminal()
  const failing = { ...command, options: {}, run: () => Promise.reject(new Error('The kettle is empty')) }
  expect(await run(of(failing), ['tea', 'make'], terminal)).toBe(exitCodes.failed)
  expect(terminal.written.note).toBe('gatehouse tea make: The kettle is empty\n')
})

it.each(commands)('$name --help shows every option and an example', async (command) => {
  const terminal = fakeTerminal()
  expect(await run(program, [...command.name.split(' '), '--help'], terminal)).toBe(0)
  for (const flag of Object.keys(command.options)) expect(terminal.written.out).toContain(`--${flag}`)
  expect(terminal.written.out).toContain(`gatehouse ${command.name}`)
  expect(terminal.written.note).toBe('')
})

it('a password is refused when it would have to be typed on the command line', async () => {
  const terminal = fakeTerminal()
  const argv = ['owner', 'create', '--email', 'ann@example.com', '--org', 'Acme']
  expect(await run(program, argv, terminal)).toBe(exitCodes.misused)
  expect(terminal.written.note).toContain('--password-stdin is required')
})
