import { once } from 'node:events'
import { WebSocket } from 'ws'

export type ListenOrder =
  | {
      readonly kind: 'open'
      readonly url: string
      readonly keys: readonly string[]
      readonly sockets: number
      /** The last byte of the address on this machine that the first socket comes from. */
      readonly from: number
    }
  /** Answered once every socket has heard something since the last time. */
  | { readonly kind: 'collect' }
  /** From now on nothing is read. */
  | { readonly kind: 'stall' }
  /** Reads again, and answers once every socket has ended. */
  | { readonly kind: 'end' }
  | { readonly kind: 'stop' }

export type ListenReport =
  | { readonly kind: 'done' }
  /** When each socket heard first, in milliseconds of the machine's monotonic clock. */
  | { readonly kind: 'heard'; readonly atMs: readonly number[] }

/** A server may count the sockets of one address. */
const socketsPerAddress = 500
const openingAtOnce = 50

let sockets: WebSocket[] = []
let heardMs: number[] = []
let whenAll: (() => void) | undefined

process.on('message', (order: ListenOrder) => void obey(order))

async function obey(order: ListenOrder): Promise<void> {
  switch (order.kind) {
    case 'open': {
      const { sockets: wanted } = order
      for (let at = 0; at < wanted; at += openingAtOnce)
        await Promise.all(
          Array.from({ length: Math.min(openingAtOnce, wanted - at) }, (_, one) => open(order, at + one)),
        )
      return tell({ kind: 'done' })
    }
    case 'collect': {
      if (heardMs.length < sockets.length) await new Promise<void>((resolve) => (whenAll = resolve))
      const atMs = heardMs
      heardMs = []
      return tell({ kind: 'heard', atMs })
    }
    case 'stall':
      for (const socket of sockets) socket.pause()
      return tell({ kind: 'done' })
    case 'end':
      await Promise.all(
        sockets.map(async (socket) => {
          const ended = socket.readyState === WebSocket.CLOSED ? undefined : once(socket, 'close')
          socket.resume()
          await ended
        }),
      )
      return tell({ kind: 'done' })
    case 'stop':
      for (const socket of sockets) socket.terminate()
      sockets = []
      process.disconnect()
  }
}

async function open(
  { url, keys, from }: Extract<ListenOrder, { readonly kind: 'open' }>,
  at: number,
): Promise<void> {
  const key = keys[Math.floor(at / socketsPerAddress) % keys.length]
  const socket = new WebSocket(url, {
    localAddress: `127.0.0.${from + Math.floor(at / socketsPerAddress)}`,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    perMessageDeflate: false,
  })
  socket.on('message', () => {
    heardMs.push(Number(process.hrtime.bigint()) / 1e6)
    if (heardMs.length === sockets.length) whenAll?.()
  })
  await once(socket, 'open')
  sockets.push(socket)
}

function tell(report: ListenReport): void {
  process.send?.(report)
}
