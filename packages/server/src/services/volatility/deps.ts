import type { ServiceDeps } from '../../service/service-deps.ts'
import type { ComputePool } from './compute/compute-pool.ts'
import type { Board } from './usecases/board.ts'
import type { StreamHub } from './usecases/stream-hub.ts'
import type { HistoryCache } from './usecases/history-cache.ts'

/** The dependencies of the volatility service. */
export type VolatilityDeps = Pick<
  ServiceDeps,
  | 'askSelf'
  | 'audit'
  | 'billing'
  | 'chargeLimit'
  | 'clock'
  | 'cursors'
  | 'db'
  | 'derivativeFeeds'
  | 'deriveKey'
  | 'egress'
  | 'log'
  | 'news'
  | 'ownKeys'
  | 'publicUrl'
  | 'randomBytes'
  | 'sealer'
> & {
  /** The current state of every series. */
  readonly board: Board
  /** The open streams of this node. */
  readonly hub: StreamHub
  /** Cached histories of series that were requested. */
  readonly histories: HistoryCache
  /** Threads for long computations. */
  readonly compute: ComputePool
}

/** The dependencies of computations on stored bars. */
export type ComputingDeps = Pick<
  VolatilityDeps,
  'board' | 'clock' | 'compute' | 'db' | 'histories' | 'publicUrl'
>
