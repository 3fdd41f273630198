import type { HttpExpectation } from '../domain/assess.ts'

/** Everything that one look at a target needs, credentials included: it never leaves this process. */
export type CheckTask = TaskOfType & {
  /** Looks the target's name up anew: a re-check must not repeat what the first look-up got wrong. */
  readonly freshName: boolean
}

export type TaskOfType =
  | {
      readonly type: 'http'
      readonly url: string
      readonly method: 'GET' | 'HEAD' | 'POST'
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | null
      readonly verifyCertificate: boolean
      readonly timeoutMs: number
      readonly expectation: HttpExpectation
    }
  | { readonly type: 'tcp'; readonly hostname: string; readonly port: number; readonly timeoutMs: number }

/** What politeness counts by: the target's host and port as written. */
export function targetKey(task: TaskOfType): string {
  if (task.type === 'tcp') return `${task.hostname}:${task.port}`
  const { hostname, port, protocol } = new URL(task.url)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
}
