/** What an endpoint says of its streams of server-sent events, as data. */
export type EventTerms = {
  /** How many a key, or a person, may have open on one node. */
  readonly perCallerMax: number
  /** How many all of an org may have open on one node. */
  readonly perOrgMax: number
}

export type ServerEvent = {
  /** Where a listener goes on that was away: it comes back as `Last-Event-ID`. */
  readonly id?: string
  readonly event: string
  /** Sent as JSON. */
  readonly data: object
}

export type EventConnection = {
  readonly send: (event: ServerEvent) => void
  /** Ends it after what was sent. */
  readonly end: () => void
}

/** Answers with a stream: `open` is called once it stands, and returns what is to be done when it ends. */
export class EventsReply {
  readonly open: (connection: EventConnection) => () => void

  constructor(open: (connection: EventConnection) => () => void) {
    this.open = open
  }
}
