import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Person } from '@gatehouse/server/local'
import type { Terminal } from './command.ts'

type PersonAtTerminal = Person & {
  /** Stops reading and releases standard input. */
  readonly leaves: () => void
}

/**
 * Prompts on standard error and reads answers as lines from standard input, which may be a terminal or a pipe. A
 * terminal does not echo them.
 */
export function createPersonAtTerminal(
  { input, note }: Pick<Terminal, 'input' | 'note'>,
  signal: AbortSignal,
): PersonAtTerminal {
  const lines: string[] = []
  let isOver = false
  let reading: ReturnType<typeof createInterface> | undefined
  const nextLine = async (what: string): Promise<string> => {
    reading ??= open()
    for (;;) {
      const line = lines.shift()
      if (line !== undefined) return line.trim()
      if (isOver) throw new Error(`Standard input ended before: ${what}`)
      await Promise.race([once(reading, 'line', { signal }), once(reading, 'close', { signal })])
    }
  }
  const open = (): NonNullable<typeof reading> => {
    // A terminal's own echo is turned off, and no input is written back.
    const isTerminal = input.isTTY === true
    const muted = { input, terminal: isTerminal, ...(isTerminal ? { output: silence } : {}) }
    const opened = createInterface(muted)
    opened.on('line', (line) => lines.push(line))
    opened.once('close', () => {
      isOver = true
    })
    // Without echo, the terminal delivers Ctrl-C as input instead of a signal.
    opened.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    return opened
  }
  const tell = (instructions: readonly string[]): void => {
    for (const line of instructions) note(`    ${line}\n`)
  }
  return {
    does: async (_step, instructions) => {
      tell(instructions)
      note('    Press Enter once it is done: ')
      await nextLine('that it is done')
      note('\n')
    },
    tells: async (_step, what, instructions) => {
      tell(instructions)
      note(`    ${what} (is not shown): `)
      const line = await nextLine(what)
      note('\n')
      if (line === '') throw new Error(`${what} is missing`)
      return line
    },
    sees: (text) => note(`    ${text}\n`),
    waits: async (until) => {
      note(`    Waiting until ${until.toISOString()} …\n`)
      await wait(Math.max(0, until.getTime() - Date.now()), undefined, { signal })
    },
    leaves: () => reading?.close(),
  }
}

const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
