/** What came, byte for byte. */
export type SinkRequest = {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What is answered; `hang` never answers, `cut` ends the connection without a word. */
export type SinkAnswer =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  | 'hang'
  | 'cut'

/** One address of the sink. */
export type SinkPlace = {
  readonly url: string
  /** All that came so far, oldest first. */
  readonly received: () => readonly SinkRequest[]
  /** Waits until this many have come; throws where the signal ends that. */
  readonly until: (count: number, signal: AbortSignal) => Promise<readonly SinkRequest[]>
}

/**
 * A receiver that the prober owns, on loopback: the throw-away orgs of the run may reach exactly its port, and nobody else
 * may. Other addresses of this machine are as forbidden to them as to everybody.
 */
export type Sink = {
  readonly origin: string
  /** A fresh address. Each request is answered by `answer`, which is told how many came before; 200 by default. */
  readonly open: (answer?: (request: SinkRequest, before: number) => SinkAnswer) => SinkPlace
}
