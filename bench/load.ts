import { connect, type Socket } from 'node:net'

export type Target = {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** What every answer must be; absent: 200. */
  readonly status?: 200 | 304
}

export type LoadResult = {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds from when each request was due to the last byte of its answer. */
  readonly latenciesMs: readonly number[]
}

export type LoadShape = {
  readonly connections: number
  readonly seconds: number
  /** Requests a second that are due, whether or not earlier ones are answered. Absent: each connection asks again at once. */
  readonly perSecond?: number
}

type Lane = { readonly socket: Socket; dueMs: number; buffered: string }

/**
 * Asks one loopback server over keep-alive connections, and throws on any answer but the one that is expected. It writes the same bytes and
 * reads no more than lengths: on a machine with few cores an HTTP client would be measured along with the server.
 */
export async function load(
  target: Target,
  { connections, seconds, perSecond }: LoadShape,
): Promise<LoadResult> {
  const request = toRequest(target)
  const lanes = await Promise.all(Array.from({ length: connections }, () => openLane(target.port)))
  const latenciesMs: number[] = []
  const startedMs = performance.now()
  const endsMs = startedMs + seconds * 1_000
  const idle: Lane[] = []
  const due: number[] = []
  let ticker: NodeJS.Timeout | undefined
  const send = (lane: Lane, dueMs: number): void => {
    lane.dueMs = dueMs
    lane.socket.write(request, 'latin1')
  }
  try {
    await new Promise<void>((resolve, reject) => {
      const next = (lane: Lane): void => {
        const now = performance.now()
        latenciesMs.push(now - lane.dueMs)
        if (perSecond === undefined) {
          if (now < endsMs) return send(lane, now)
        } else {
          const dueMs = due.shift()
          if (dueMs !== undefined) return send(lane, dueMs)
        }
        idle.push(lane)
        if (now >= endsMs && idle.length === lanes.length) resolve()
      }
      for (const lane of lanes) {
        lane.socket.on('error', reject)
        lane.socket.on('close', () => reject(new Error('The server closed a connection under load')))
        lane.socket.on('data', (chunk: string) => {
          try {
            if (isAnswered(lane, chunk, target.status ?? 200)) next(lane)
          } catch (error) {
            reject(error)
          }
        })
      }
      if (perSecond === undefined) {
        for (const lane of lanes) send(lane, performance.now())
        return
      }
      idle.push(...lanes)
      let asked = 0
      ticker = setInterval(() => {
        const now = performance.now()
        if (now >= endsMs) {
          clearInterval(ticker)
          if (idle.length === lanes.length) resolve()
          return
        }
        for (const total = ((now - startedMs) / 1_000) * perSecond; asked < total; asked += 1) {
          const lane = idle.pop()
          if (lane === undefined) due.push(now)
          else send(lane, now)
        }
      }, 1)
    })
  } finally {
    clearInterval(ticker)
    for (const { socket } of lanes) socket.removeAllListeners('close').destroy()
  }
  return { requests: latenciesMs.length, seconds: (performance.now() - startedMs) / 1_000, latenciesMs }
}

function toRequest({ port, path, headers }: Target): string {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

function openLane(port: number): Promise<Lane> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true }).setEncoding('latin1')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve({ socket, dueMs: 0, buffered: '' })
    })
  })
}

/** Whether the lane's one answer is complete now. */
function isAnswered(lane: Lane, chunk: string, status: 200 | 304): boolean {
  const text = lane.buffered + chunk
  const bodyAt = text.indexOf('\r\n\r\n') + 4
  if (bodyAt === 3) {
    lane.buffered = text
    return false
  }
  if (!text.startsWith(`HTTP/1.1 ${status} `))
    throw new Error(`Expected ${status}, but the server said: ${text.slice(0, 400)}`)
  // Such an answer has no body, whatever length it names.
  if (status === 304) {
    lane.buffered = ''
    return true
  }
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
  if (length === undefined) throw new Error('The server gave no Content-Length')
  const isComplete = text.length >= bodyAt + Number(length)
  lane.buffered = isComplete ? '' : text
  return isComplete
}
