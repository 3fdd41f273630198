import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ListenOrder, ListenReport } from './listen.ts'

/** Sockets in a process of their own. */
export type Listeners = {
  readonly ask: (order: ListenOrder) => Promise<ListenReport>
  readonly stop: () => Promise<void>
}

export async function startListeners(
  open: Omit<Extract<ListenOrder, { readonly kind: 'open' }>, 'kind'>,
): Promise<Listeners> {
  const child: ChildProcess = fork(fileURLToPath(new URL('listen.ts', import.meta.url)))
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Listeners ended by themselves (exit code ${code})`)
  })
  ended.catch(() => undefined)
  const ask = async (order: ListenOrder): Promise<ListenReport> => {
    const answered = once(child, 'message')
    child.send(order)
    // Safe: only `listen.ts` runs at the other end.
    const [report] = (await Promise.race([answered, ended])) as [ListenReport]
    return report
  }
  await ask({ kind: 'open', ...open })
  return {
    ask,
    stop: async () => {
      const exited = once(child, 'exit')
      child.send({ kind: 'stop' } satisfies ListenOrder)
      await exited
    },
  }
}
