import type { Session } from 'node:inspector/promises'
import { writeFile } from 'node:fs/promises'
import { isMainThread } from 'node:worker_threads'

export type Serving = {
  readonly port: number
  /** Headers that a request must carry. */
  readonly headers: Readonly<Record<string, string>>
  /** Those of a caller of another organisation. */
  readonly neighbour?: Readonly<Record<string, string>>
  readonly stop: () => Promise<void>
}

export type Order =
  | { readonly kind: 'usage' }
  | { readonly kind: 'profile' }
  | { readonly kind: 'write-profile'; readonly path: string }
  | { readonly kind: 'stop' }

export type Report =
  | ({ readonly kind: 'ready' } & Omit<Serving, 'stop'>)
  /** Of all threads of the process since it started. */
  | { readonly kind: 'usage'; readonly cpuMs: number }
  | { readonly kind: 'done' }

/** The inner side of a `ServerProcess`: starts what is measured, then does as it is told. */
export async function serveMeasured(start: () => Promise<Serving>): Promise<void> {
  if (!isMainThread || process.send === undefined)
    throw new Error('A benchmark starts this file, not a person')
  const serving = await start()
  let session: Session | undefined
  const obey = async (order: Order): Promise<void> => {
    switch (order.kind) {
      case 'usage': {
        const { user, system } = process.cpuUsage()
        return tell({ kind: 'usage', cpuMs: (user + system) / 1_000 })
      }
      case 'profile': {
        session = await startProfile()
        return tell({ kind: 'done' })
      }
      case 'write-profile': {
        if (session === undefined) throw new Error('No profile was started')
        const { profile } = await session.post('Profiler.stop')
        session.disconnect()
        await writeFile(order.path, JSON.stringify(profile))
        return tell({ kind: 'done' })
      }
      case 'stop':
        await serving.stop()
        process.disconnect()
    }
  }
  process.on('message', (order: Order) => void obey(order))
  const { stop: _stop, ...about } = serving
  tell({ kind: 'ready', ...about })
}

async function startProfile(): Promise<Session> {
  const { Session: NewSession } = await import('node:inspector/promises')
  const session = new NewSession()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  return session
}

function tell(report: Report): void {
  process.send?.(report)
}
