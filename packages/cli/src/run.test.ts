import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { type Command, exitCodes, type Terminal, type Values } from './command.ts'
import { commands } from './commands/index.ts'
import { run } from './run.ts'

function fakeTerminal(input = ''): Terminal & { readonly written: { out: string; note: string } } {
  const written = { out: '', note: '' }
  return {
    written,
    env: {},
    folder: '/',
    out: (text) => void (written.out += text),
    note: (text) => void (written.note += text),
    progress: () => undefined,
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
  expect(await run([command], ['tea', 'make', '--leaf=sencha', '--json'], fakeTerminal())).toBe(0)
  expect(calls).toEqual([{ leaf: 'sencha', json: true }])
})

it.each([
  ['a missing option is named', ['tea', 'make'], '--leaf is required'],
  ['an unknown option is named', ['tea', 'make', '--leaf', 'x', '--milk'], "Unknown option '--milk'"],
  ['a stray word is named', ['tea', 'make', '--leaf', 'x', 'now'], "Unexpected argument 'now'"],
])('%s, and the exit code is 2', async (_promise, argv, sentence) => {
  const { command, calls } = recorder()
  const terminal = fakeTerminal()
  expect(await run([command], argv, terminal)).toBe(exitCodes.misused)
  expect(terminal.written.note).toContain(sentence)
  expect(terminal.written.out).toBe('')
  expect(calls).toEqual([])
})

it('an unknown command shows what there is, on standard error', async () => {
  const terminal = fakeTerminal()
  expect(await run(commands, ['brew'], terminal)).toBe(exitCodes.misused)
  expect(terminal.written.note).toContain('there is no command "brew"')
  expect(terminal.written.note).toContain('owner create')
  expect(terminal.written.out).toBe('')
})

it('a failure is one sentence, without a stack', async () => {
  const { command } = recorder()
  const terminal = fakeTerminal()
  const failing = { ...command, options: {}, run: () => Promise.reject(new Error('The kettle is empty')) }
  expect(await run([failing], ['tea', 'make'], terminal)).toBe(exitCodes.failed)
  expect(terminal.written.note).toBe('gatehouse tea make: The kettle is empty\n')
})

it.each(commands)('$name --help shows every option and an example', async (command) => {
  const terminal = fakeTerminal()
  expect(await run(commands, [...command.name.split(' '), '--help'], terminal)).toBe(0)
  for (const flag of Object.keys(command.options)) expect(terminal.written.out).toContain(`--${flag}`)
  expect(terminal.written.out).toContain(`gatehouse ${command.name}`)
  expect(terminal.written.note).toBe('')
})

it('a password is refused when it would have to be typed on the command line', async () => {
  const terminal = fakeTerminal()
  const argv = ['owner', 'create', '--email', 'ann@example.com', '--org', 'Acme']
  expect(await run(commands, argv, terminal)).toBe(exitCodes.misused)
  expect(terminal.written.note).toContain('--password-stdin is required')
})
