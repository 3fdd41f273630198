import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Sink, SinkAnswer, SinkPlace, SinkRequest } from './sink.ts'

export type OpenSink = Sink & {
  /** Host and port of the sink. */
  readonly address: string
  readonly close: () => Promise<void>
}

type Place = {
  readonly answer: (request: SinkRequest, before: number) => SinkAnswer
  readonly received: SinkRequest[]
  /** Called whenever a request arrives. */
  readonly waiting: Set<() => void>
}

const ok: SinkAnswer = { status: 200, body: 'ok' }
const bodyBytesMax = 1_048_576

/** Opens a sink on an address of this machine, loopback by default, on a free port. */
export async function listenSink(host = '127.0.0.1'): Promise<OpenSink> {
  const places = new Map<string, Place>()
  const server = createServer((request, response) => void receive(places, request, response))
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The sink does not listen on a port')
  const reached = `${host.includes(':') ? `[${host}]` : host}:${address.port}`
  const origin = `http://${reached}`
  return {
    address: reached,
    origin,
    open: (answer = () => ok) => {
      const name = randomBytes(12).toString('hex')
      const place: Place = { answer, received: [], waiting: new Set() }
      places.set(name, place)
      return toSinkPlace(`${origin}/${name}`, place)
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function toSinkPlace(url: string, { received, waiting }: Place): SinkPlace {
  return {
    url,
    received: () => [...received],
    until: (count, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly SinkRequest[]>()
      const look = (): void => {
        if (received.length < count) return
        settle()
        resolve([...received])
      }
      const giveUp = (): void => {
        settle()
        reject(new Error(`${received.length} of ${count} requests came to the sink in time`))
      }
      const settle = (): void => {
        waiting.delete(look)
        signal.removeEventListener('abort', giveUp)
      }
      waiting.add(look)
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
      else look()
      return promise
    },
  }
}

async function receive(
  places: ReadonlyMap<string, Place>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, name = ''] = /^\/([0-9a-f]{24})(?:[/?]|$)/.exec(request.url ?? '') ?? []
  const place = places.get(name)
  if (place === undefined) return void response.writeHead(404).end()
  const body = await readAll(request)
  if (body === undefined) return
  const came: SinkRequest = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([header, value]) => [header, [value ?? ''].flat().join(', ')]),
    ),
    body,
  }
  const answer = place.answer(came, place.received.length)
  place.received.push(came)
  for (const look of place.waiting) look()
  if (answer === 'hang') return
  if (answer === 'cut') return void response.destroy()
  response.writeHead(answer.status, answer.headers).end(answer.body)
}

/** Reads a body; undefined when the sender disconnected or sent too much. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request) {
      // Safe: no encoding is set, so every chunk is a Buffer.
      const part = chunk as Buffer
      bytes += part.length
      if (bytes > bodyBytesMax) {
        request.destroy()
        return undefined
      }
      chunks.push(part)
    }
    return Buffer.concat(chunks)
  } catch {
    return undefined
  }
}
