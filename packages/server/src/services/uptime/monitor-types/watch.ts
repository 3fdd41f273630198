import type { z } from 'zod'
import type { Finding } from '../domain/assess.ts'
import type { Look, MonitorKind, Target } from './define-monitor-type.ts'
import { type MonitorType, monitorTypes } from './monitor-types.ts'

type Configs = { readonly [T in MonitorType]: z.output<(typeof monitorTypes)[T]['config']> }
type Secrets = { readonly [T in MonitorType]: z.output<(typeof monitorTypes)[T]['secrets']> }
type Kinds = { readonly [T in MonitorType]: MonitorKind<Configs[T], Secrets[T]> }

const kinds: Kinds = monitorTypes

/** A monitor's type with its config, which is of that type. */
export type Watch<T extends MonitorType = MonitorType> = {
  [K in T]: { readonly type: K; readonly config: Configs[K] }
}[T]

/** One look at a target: everything that it needs, credentials included, as plain data for another thread. */
export type LookTask<T extends MonitorType = MonitorType> = {
  [K in T]: Watch<K> & { readonly secrets: Secrets[K] }
}[T]

/** What the store holds for a monitor: a watch, or what nobody can make sense of, which people are told. */
export type StoredWatch =
  | { readonly isKnown: true; readonly watch: Watch }
  | { readonly isKnown: false; readonly fault: Finding }

/** The type of this name; undefined when no kind has it. */
export function findMonitorType(name: string): MonitorType | undefined {
  // Safe: the own members of the table are its types.
  return Object.hasOwn(monitorTypes, name) ? (name as MonitorType) : undefined
}

/** Types that a job tells how it is: it has no target, and one missed deadline needs no second opinion (3.2). */
export function isTold(type: string): boolean {
  const known = findMonitorType(type)
  return known !== undefined && kinds[known].look === null
}

/** A config as somebody sent it, in the form that its type has. */
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

/** A type and config as the store holds them. This is the one place where they are made sense of. */
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

/** Null for a type that is told. */
export function timeoutOf<T extends MonitorType>({ type, config }: Watch<T>): number | null {
  return kinds[type].timeoutMs(config)
}

export function titleOf({ type }: Watch): string {
  return kinds[type].title
}

/** The members of a type's config that are kept sealed. */
export function secretMembers(type: MonitorType): readonly string[] {
  return Object.keys(kinds[type].secrets.shape)
}

/** The member of a config under its name, for what is done to every member alike. */
export function memberOf({ config }: Watch, member: string): unknown {
  return Object.entries(config).find(([name]) => name === member)?.[1]
}

/** What a check needs of a watch. Throws where the opened secrets are not those of its type. */
export function toLookTask({ type, config }: Watch, opened: unknown): LookTask {
  // Safe: the secrets are parsed by the schema of the type whose config this is.
  return { type, config, secrets: monitorTypes[type].secrets.parse(opened) } as LookTask
}

/** Looks once. Whatever goes wrong on the way is thrown. */
export function lookOnce<T extends MonitorType>(task: LookTask<T>, look: Look) {
  const kind = kinds[task.type]
  if (kind.look === null) throw new Error(`Nothing looks at a monitor of type ${task.type}`)
  return kind.look(task.config, look, task.secrets)
}
