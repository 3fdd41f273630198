import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Refusal } from './to-refusal.ts'

type Written = Pick<Refusal, 'status' | 'body'> & {
  readonly headers: Readonly<Record<string, string | readonly string[]>>
}

/** Writes an answer directly to a socket, and ends it. */
export function writeAnswer(socket: Duplex, { status, headers, body }: Written, nowMs: number): void {
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    date: new Date(nowMs).toUTCString(),
    connection: 'close',
  }).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`))
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  )
}
