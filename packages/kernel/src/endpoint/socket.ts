import type { KeyPrincipal } from '../principal/index.ts'

/** The close codes that a client receives: those of RFC 6455 §7.4.1, and from 4000 on our own. */
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

/** The limits and protocols of an endpoint's WebSockets. */
export type SocketTerms = {
  /** The subprotocols that the endpoint supports; a handshake that names none of them gets no subprotocol. */
  readonly protocols: readonly string[]
  /** The subprotocols under which a handshake needs no credential, because a key follows as a message (G4). */
  readonly provesLater: readonly string[]
  /** How many unauthenticated connections one address may have at the same time. */
  readonly unprovenPerAddressMax: number
  /** The longest message that a client may send, in bytes; a longer one ends the connection with 1009. */
  readonly messageBytesMax: number
  /**
   * The query parameter that may hold a key, for handshakes without a subprotocol, if the operator has allowed that.
   */
  readonly queryCredential?: string
}

/** The result of a key that a client sent as a message. */
export type LaterProof =
  | { readonly accepted: true; readonly principal: KeyPrincipal }
  /** The key was refused, and the connection is being closed. */
  | { readonly accepted: false }

/** An open WebSocket, as a service sees it: it sends text through this, and receives text through its listener. */
export type SocketConnection = {
  /** The subprotocol; empty when there is none. */
  readonly protocol: string
  readonly ip: string
  readonly send: (text: string | Buffer) => void
  /** The number of framed bytes handed to `send` so far. */
  readonly sentBytes: () => number
  /** How many of those bytes the client has not read yet. */
  readonly unsentBytes: () => number
  readonly ping: () => void
  /** Starts the closing handshake; a client that does not answer it is disconnected. */
  readonly close: (code: number, reason: string) => void
  /**
   * Authenticates a key that came as a message. The attempt is counted, a refusal waits for the floor, and the
   * connection is then closed in the uniform way.
   */
  readonly prove: (text: string) => Promise<LaterProof>
}

export type SocketListener = {
  readonly onText: (text: string) => void
  readonly onPong: () => void
  readonly onClose: () => void
}

/** Answers a handshake: `open` is called once the connection is open. */
export class SocketReply {
  readonly open: (connection: SocketConnection) => SocketListener

  constructor(open: (connection: SocketConnection) => SocketListener) {
    this.open = open
  }
}
