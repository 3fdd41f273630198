import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Faults } from './faults.ts'

/** The connections of one venue, with simulated network faults (F1, F2, F9). */
export class Clients<T> {
  readonly #states = new Map<WebSocket, { readonly state: T; isMuffled: boolean }>()
  readonly #faults: Faults
  readonly #nowMs: () => number

  constructor(faults: Faults, nowMs: () => number) {
    this.#faults = faults
    this.#nowMs = nowMs
  }

  add(socket: WebSocket, state: T): void {
    const kept = { state, isMuffled: false }
    this.#states.set(socket, kept)
    socket.once('close', () => this.#states.delete(socket))
  }

  get isEmpty(): boolean {
    return this.#states.size === 0
  }

  each(run: (socket: WebSocket, state: T) => void): void {
    for (const [socket, { state }] of this.#states) run(socket, state)
  }

  /** Whether a connection is half open; once it is, it stays so. */
  isMuffled(socket: WebSocket): boolean {
    const kept = this.#states.get(socket)
    if (kept === undefined) return false
    kept.isMuffled ||= this.#faults.has('half_open', this.#nowMs())
    return kept.isMuffled
  }

  send(socket: WebSocket, text: string): void {
    if (socket.readyState !== socket.OPEN || this.isMuffled(socket)) return
    if (this.#faults.has('cut_frame', this.#nowMs())) {
      cutFrame(socket, text)
      return
    }
    socket.send(text)
  }

  /** Ends connections according to the active faults. */
  strike(): void {
    const nowMs = this.#nowMs()
    for (const socket of this.#states.keys()) {
      if (this.#faults.has('reset', nowMs)) socket.terminate()
      else if (this.#faults.has('close', nowMs)) socket.close(1001)
    }
  }
}

/** Announces a frame of the full length, sends half of it, and closes the socket. */
function cutFrame(socket: WebSocket, text: string): void {
  // Safe: ws stores the stream of an open connection there, although its types do not declare it.
  const { _socket: stream } = socket as WebSocket & { readonly _socket: Socket }
  const bytes = Buffer.from(text)
  const head = Buffer.of(0x81, 126, bytes.length >> 8, bytes.length & 0xff)
  stream.write(Buffer.concat([head, bytes.subarray(0, bytes.length >> 1)]))
  stream.end()
}
