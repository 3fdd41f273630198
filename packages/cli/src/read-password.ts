import { text } from 'node:stream/consumers'
import { type Terminal, UsageError } from './command.ts'

/** Reads standard input to its end, without the line break that `echo` adds. */
export async function readPassword({ input }: Terminal): Promise<string> {
  if (input.isTTY === true)
    throw new UsageError(
      '--password-stdin reads from a pipe, so that the password is never on a command line',
    )
  const password = (await text(input)).replace(/\r?\n$/, '')
  if (/[\r\n]/.test(password)) throw new UsageError('the password must be a single line')
  return password
}
