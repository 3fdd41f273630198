import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createPersonAtTerminal } from './person-at-terminal.ts'

const asked = ['Do it there']

function sit(input: Readable) {
  const notes: string[] = []
  const stop = new AbortController()
  const person = createPersonAtTerminal({ input, note: (text) => void notes.push(text) }, stop.signal)
  return { person, notes, stop }
}

describe('what a person tells a runbook', () => {
  it('comes as lines of standard input, in their order, and is never written back', async () => {
    const { person, notes } = sit(Readable.from(['old-secret\nnew-sec', 'ret\n\n']))
    expect(await person.tells('a', 'The old one', asked)).toBe('old-secret')
    expect(await person.tells('a', 'The new one', asked)).toBe('new-secret')
    await person.does('b', asked)
    expect(notes.join('')).toContain('Do it there')
    expect(notes.join('')).not.toMatch(/old-secret|new-secret/)
    person.leaves()
  })

  it('an empty line is no secret, and an input that ends is said', async () => {
    const { person } = sit(Readable.from(['\n']))
    await expect(person.tells('a', 'The new one', asked)).rejects.toThrow('The new one is missing')
    await expect(person.tells('a', 'The new one', asked)).rejects.toThrow('Standard input ended')
    person.leaves()
  })

  it('whoever interrupts is not waited for', async () => {
    const { person, stop } = sit(new PassThrough())
    const waiting = person.does('a', asked)
    stop.abort()
    await expect(waiting).rejects.toThrow()
    await expect(person.waits(new Date(Date.now() + 60_000))).rejects.toThrow()
    person.leaves()
  })
})
