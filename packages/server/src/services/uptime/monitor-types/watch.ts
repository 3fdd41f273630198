import type { z } from 'zod'
import type { Finding } from '../domain/assess.ts'
import type { Look, MonitorKind, Target } from './define-monitor-type.ts'
import { type MonitorType, monitorTypes } from './monitor-types.ts'

type Configs = { readonly [T in MonitorType]: z.output<(typeof monitorTypes)[T]['config']> }
type Secrets = { readonly [T in MonitorType]: z.output<(typeof monitorTypes)[T]['secrets']> }
type Kinds = { readonly [T in MonitorType]: MonitorKind<Configs[T], Secrets[T]> }

const kinds: Kinds = monitorTypes

/** A monitor's type with a config of that type. */
export type Watch<T extends MonitorType = MonitorType> = {
  [K in T]: { readonly type: K; readonly config: Configs[K] }
}[T]

/** One check as plain data for another thread, credentials included. */
export type LookTask<T extends MonitorType = MonitorType> = {
  [K in T]: Watch<K> & { readonly secrets: Secrets[K] }
}[T]

/** A monitor as stored: a valid type and config, or ones that this version cannot read, which people are told. */
export type StoredWatch =
  | { readonly isKnown: true; readonly watch: Watch }
  | { readonly isKnown: false; readonly fault: Finding }

/** The type of this name; undefined if there is none. */
export function findMonitorType(name: string): MonitorType | undefined {
  // Safe: the own members of the table are its types.
  return Object.hasOwn(monitorTypes, name) ? (name as MonitorType) : undefined
}

/**
 * Whether a type is pinged instead of checked: it has no target, and one missed deadline needs no confirmation (3.2).
 */
export function isTold(type: string): boolean {
  const known = findMonitorType(type)
  return known !== undefined && kinds[known].look === null
}

/** Parses a config by the schema of its type. */
export function parseConfig(
  type: MonitorType,
  sent: unknown,
):
  | { readonly success: true; readonly watch: Watch }
  | { readonly success: false; readonly error: z.ZodError } {
  const parsed = monitorTypes[type].config.safeParse(sent)
  if (!parsed.success) return { success: false, error: parsed.error }
  // Safe: the config was parsed by the schema of this very type.
  return { success: true, watch: { type, config: parsed.data } as Watch }
}

/** Parses a stored type and config. This is the only place that does. */
export function parseStored(type: string, config: unknown): StoredWatch {
  const known = findMonitorType(type)
  if (known === undefined) return { isKnown: false, fault: { code: 'type_unknown', values: { type } } }
  const parsed = parseConfig(known, config)
  if (parsed.success) return { isKnown: true, watch: parsed.watch }
  const field = parsed.error.issues[0]?.path.map(String).join('.') ?? ''
  return { isKnown: false, fault: { code: 'config_unreadable', values: { field } } }
}

export function targetOf<T extends MonitorType>({ type, config }: Watch<T>): Target | null {
  return kinds[type].target(config)
}

/** Null for types that are pinged. */
export function timeoutOf<T extends MonitorType>({ type, config }: Watch<T>): number | null {
  return kinds[type].timeoutMs(config)
}

export function titleOf({ type }: Watch): string {
  return kinds[type].title
}

/** The members of a type's config that are stored sealed. */
export function secretMembers(type: MonitorType): readonly string[] {
  return Object.keys(kinds[type].secrets.shape)
}

/** A member of a config by name, for code that treats all members alike. */
export function memberOf({ config }: Watch, member: string): unknown {
  return Object.entries(config).find(([name]) => name === member)?.[1]
}

/** The check of a watch. Throws if the decrypted secrets do not match its type. */
export function toLookTask({ type, config }: Watch, opened: unknown): LookTask {
  // Safe: the secrets are parsed by the schema of the type whose config this is.
  return { type, config, secrets: monitorTypes[type].secrets.parse(opened) } as LookTask
}

/** Runs one check. Every failure is thrown. */
export function lookOnce<T extends MonitorType>(task: LookTask<T>, look: Look) {
  const kind = kinds[task.type]
  if (kind.look === null) throw new Error(`Nothing looks at a monitor of type ${task.type}`)
  return kind.look(task.config, look, task.secrets)
}
