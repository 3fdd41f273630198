import type { Session } from 'node:inspector/promises'
import { writeFile } from 'node:fs/promises'
import { isMainThread } from 'node:worker_threads'

export type Serving = {
  readonly port: number
  /** Headers that a request must carry. */
  readonly headers: Readonly<Record<string, string>>
  /** Those of a caller of another organisation. */
  readonly neighbour?: Readonly<Record<string, string>>
  /** Resolves once what requests left behind is written, to how many of them the database knows of. */
  readonly settle?: () => Promise<number>
  readonly stop: () => Promise<void>
}

export type Order =
  | { readonly kind: 'usage' }
  | { readonly kind: 'profile' }
  | { readonly kind: 'write-profile'; readonly path: string }
  | { readonly kind: 'settle' }
  | { readonly kind: 'stop' }

export type Report =
  | ({ readonly kind: 'ready' } & Omit<Serving, 'stop' | 'settle'>)
  /** Of all threads of the process since it started. */
  | { readonly kind: 'usage'; readonly cpuMs: number; readonly residentBytes: number }
  | { readonly kind: 'settled'; readonly rows: number | undefined }
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
        const cpuMs = (user + system) / 1_000
        return tell({ kind: 'usage', cpuMs, residentBytes: process.memoryUsage.rss() })
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
      case 'settle':
        return tell({ kind: 'settled', rows: await serving.settle?.() })
      case 'stop':
        await serving.stop()
        process.disconnect()
    }
  }
  process.on('message', (order: Order) => void obey(order))
  const { stop: _stop, settle: _settle, ...about } = serving
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
