import type { MonitorType } from './monitor.ts'

type Config = Readonly<Record<string, unknown>>

/** The defaults that a reply fills in; every other absent member stays absent (specification 4.1). */
export type ConfigDefaults = {
  readonly timeoutMs: number
  readonly graceSeconds: number
}

/** What a secret member reads as; sent back, it keeps the secret. */
export const keptSecret = { set: true } as const

const secretMembers: Readonly<Record<MonitorType, readonly string[]>> = {
  http: ['auth'],
  tcp: [],
  heartbeat: [],
}

/**
 * The config as replies show it: what was sent, in its order and as it was written, then the defaults that were left
 * out. One public client compares it member by member.
 */
export function echoConfig(type: MonitorType, sent: Config, defaults: ConfigDefaults): Config {
  const shown = Object.entries(sent).map(([member, value]) =>
    secretMembers[type].includes(member) ? ([member, keptSecret] as const) : ([member, value] as const),
  )
  const missing = Object.entries(listDefaults(type, sent, defaults)).filter(
    ([member]) => !Object.hasOwn(sent, member),
  )
  return Object.fromEntries([...shown, ...missing])
}

function listDefaults(type: MonitorType, sent: Config, { timeoutMs, graceSeconds }: ConfigDefaults): Config {
  switch (type) {
    case 'http':
      // `expectedStatuses` is given in place of `expectedStatus`, which would contradict it.
      return Object.hasOwn(sent, 'expectedStatuses')
        ? { method: 'GET', timeoutMs }
        : { method: 'GET', expectedStatus: 200, timeoutMs }
    case 'tcp':
      return { timeoutMs }
    case 'heartbeat':
      return { graceSeconds }
  }
}
