import type { KeyPrincipal } from '../principal/index.ts'

/** Why a connection ends, as its client reads it: RFC 6455 §7.4.1, and from 4000 on our own. */
export const socketCloses = {
  goingAway: 1001,
  unsupported: 1003,
  tryLater: 1013,
  badMessages: 4400,
  notAuthenticated: 4401,
  notAllowed: 4403,
  noPong: 4408,
  keyGone: 4410,
  tooMany: 4429,
  tooSlow: 4451,
} as const

/** What an endpoint says of its WebSockets, as data. */
export type SocketTerms = {
  /** Subprotocols that it speaks; a handshake that names none of them speaks without one. */
  readonly protocols: readonly string[]
  /** Of those, the ones under which a handshake may come without a credential, for a key that follows as a message (G4). */
  readonly provesLater: readonly string[]
  /** How many connections of one address may be without proof at a time. */
  readonly unprovenPerAddressMax: number
  /** The longest message that a client may send; a longer one ends the connection with 1009. */
  readonly messageBytesMax: number
  /** The member of the query that holds a key where the operator has switched that on, without a subprotocol alone. */
  readonly queryCredential?: string
}

/** What came of a key that a client sent as a message. */
export type LaterProof =
  | { readonly accepted: true; readonly principal: KeyPrincipal }
  /** The connection is being closed. */
  | { readonly accepted: false }

/** An open WebSocket, as a service sees it: text goes out, and what comes in is told to its listener. */
export type SocketConnection = {
  /** The subprotocol; empty where there is none. */
  readonly protocol: string
  readonly ip: string
  readonly send: (text: string | Buffer) => void
  /** Bytes that were handed to `send`, as they are framed. */
  readonly sentBytes: () => number
  /** Of those, the ones that still wait for the client to read. */
  readonly unsentBytes: () => number
  readonly ping: () => void
  /** Ends it in words; whoever does not answer them is cut. */
  readonly close: (code: number, reason: string) => void
  /** Proves a key that came as a message: counted, held to the floor, and closed in the uniform way where it fails. */
  readonly prove: (text: string) => Promise<LaterProof>
}

export type SocketListener = {
  readonly onText: (text: string) => void
  readonly onPong: () => void
  readonly onClose: () => void
}

/** Answers a handshake: `open` is called once the connection stands. */
export class SocketReply {
  readonly open: (connection: SocketConnection) => SocketListener

  constructor(open: (connection: SocketConnection) => SocketListener) {
    this.open = open
  }
}
