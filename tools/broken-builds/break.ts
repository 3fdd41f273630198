import type { PromiseName } from './promises.ts'

/** One small fault, such as somebody makes, and the promise that it breaks. */
export type Break = {
  readonly promise: PromiseName
  /** What the build then does, in plain words. */
  readonly broken: string
  readonly file: string
  /** Stands in the file once. */
  readonly find: string
  readonly replace: string
  /** Where the promise is tested. */
  readonly test: string
}
