/** The limits of an endpoint's event streams. */
export type EventTerms = {
  /** How many streams a key, or a person, may have open on one node. */
  readonly perCallerMax: number
  /** How many streams all callers of an org together may have open on one node. */
  readonly perOrgMax: number
}

export type ServerEvent = {
  /** The position of the event: a client that reconnects sends it back as `Last-Event-ID`. */
  readonly id?: string
  readonly event: string
  /** The payload, sent as JSON. */
  readonly data: object
}

export type EventConnection = {
  readonly send: (event: ServerEvent) => void
  /** Ends the stream once all events sent so far have been written. */
  readonly end: () => void
}

/**
 * Answers with a stream of events: `open` is called once the stream is open, and returns a function that is called when
 * it ends.
 */
export class EventsReply {
  readonly open: (connection: EventConnection) => () => void

  constructor(open: (connection: EventConnection) => () => void) {
    this.open = open
  }
}
