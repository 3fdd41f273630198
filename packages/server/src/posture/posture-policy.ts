import type { RetentionRow } from '@gatehouse/kernel/retention'
import type { ServicePolicy } from '../service/define-service.ts'

type Range = { readonly min: number; readonly max: number; readonly default: number }

/** The figures of the mechanisms that all services share. */
export type KernelFigures = {
  readonly accessTokenSeconds: number
  readonly refreshTokenMs: number
  readonly refreshRaceMs: number
  readonly sudoTokenSeconds: number
  readonly passwordIterations: number
  /**
   * How soon a node acts on a revocation that it is notified of, and how soon it stops trusting its caches without the
   * channel (K7).
   */
  readonly revocationMs: number
  readonly bodyBytesMax: number
  readonly anonymousBodyBytesMax: number
}

/**
 * The running policies, as far as claims use their figures. A figure that a claim needs is a line here, so that the
 * compiler checks that the policy has it.
 */
export type PosturePolicy = {
  readonly kernel: KernelFigures
  readonly retention: readonly RetentionRow[]
  readonly platform: ServicePolicy & {
    readonly sudoFailuresMax: number
    readonly proofLockMinutes: number
    readonly passwordResetMinutes: number
    readonly askedMailsMax: number
    readonly deviceKeyDays: number
    readonly keysMax: number
    readonly incidents: { readonly tell: { readonly hours: number } }
    readonly disclosure: {
      readonly clocks: {
        readonly acknowledge: { readonly hours: number }
        readonly fix: { readonly hours: number }
      }
    }
    readonly guesses: {
      readonly free: number
      readonly windowMinutes: number
      readonly holdSecondsMin: number
      readonly holdSecondsMax: number
    }
  }
  readonly uptime: ServicePolicy & {
    readonly userAgent: string
    readonly downThreshold: Range
    readonly flap: { readonly changes: number; readonly windowSeconds: number }
    readonly retentionDays: { readonly raw: number; readonly hourly: number }
  }
  readonly oversight: ServicePolicy & {
    readonly bodyBytesMax: number
    readonly batchBytesMax: number
    readonly batchItemsMax: number
    readonly retention: {
      readonly interactionMonths: number
      readonly alertDays: number
      readonly telemetryDays: number
    }
  }
  readonly volatility: ServicePolicy & {
    readonly keyNamesInUrl: readonly string[]
    readonly retentionDays: { readonly shortBars: number }
  }
}
