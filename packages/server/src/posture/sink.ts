/** A request that the sink received, byte for byte. */
export type SinkRequest = {
  readonly method: string
  /** The path with its query. */
  readonly path: string
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The answer of a sink; `hang` never answers, `cut` closes the connection without an answer. */
export type SinkAnswer =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  | 'hang'
  | 'cut'

/** One URL of the sink. */
export type SinkPlace = {
  readonly url: string
  /** All requests so far, oldest first. */
  readonly received: () => readonly SinkRequest[]
  /** Waits until `count` requests have arrived; throws when the signal aborts. */
  readonly until: (count: number, signal: AbortSignal) => Promise<readonly SinkRequest[]>
}

/**
 * A receiver of the prober, on loopback: the temporary orgs of the run may reach exactly its port, and no other org
 * may. All other addresses of this machine are forbidden to them as well.
 */
export type Sink = {
  readonly origin: string
  /** Opens a fresh URL. `answer` answers each request, given the number of earlier ones. Default: 200. */
  readonly open: (answer?: (request: SinkRequest, before: number) => SinkAnswer) => SinkPlace
}
