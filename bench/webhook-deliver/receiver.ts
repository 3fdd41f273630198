import { fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Received } from './receive.ts'

export type Receiver = {
  readonly port: number
  /** Resolves once so many deliveries have come since the last report, to a multiple of 50. */
  readonly seen: (count: number) => Promise<void>
  readonly report: () => Promise<Received>
  readonly stop: () => Promise<void>
}

type Said =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'seen'; readonly count: number }
  | { readonly kind: 'report'; readonly received: Received }

export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('./receive.ts', import.meta.url)))
  const heard = new EventEmitter()
  let count = 0
  const ready = once(heard, 'ready')
  child.on('message', (said: Said) => {
    switch (said.kind) {
      case 'ready':
        return heard.emit('ready', said.port)
      case 'seen':
        count = said.count
        return heard.emit('seen')
      case 'report':
        count = 0
        return heard.emit('report', said.received)
    }
  })
  const [port] = (await ready) as [number]
  return {
    port,
    seen: async (wanted) => {
      while (count < wanted) await once(heard, 'seen')
    },
    report: async () => {
      const reported = once(heard, 'report')
      child.send('report')
      return ((await reported) as [Received])[0]
    },
    stop: async () => {
      const gone = once(child, 'exit')
      child.send('stop')
      await gone
    },
  }
}
