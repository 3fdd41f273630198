import type { Flag } from './monitor.ts'

/** A status page and the monitors on it. */
export type Service = {
  readonly id: string
  readonly teamId: string
  readonly name: string
  readonly slug: string
  readonly description: string | null
  readonly isPublic: Flag
  readonly isDefault: Flag
  readonly access: 'public' | 'password' | 'members'
  readonly timeZone: string
  readonly language: 'auto' | 'en' | 'ja'
  readonly autoPublish: Flag
  readonly maintenanceUntil: string | null
  readonly autoResolveMaintenance: Flag
  readonly createdAt: string
  readonly updatedAt: string
}

type ServiceSettings = {
  readonly description?: string | null
  readonly isPublic?: boolean
  readonly timeZone?: string
  readonly language?: Service['language']
  readonly autoPublish?: boolean
}

export type NewService = ServiceSettings & { readonly name: string; readonly slug: string }
export type ServiceChange = ServiceSettings & { readonly name?: string; readonly slug?: string }
