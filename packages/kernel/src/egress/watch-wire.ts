import type { Socket } from 'node:net'

const lookEveryMs = 10

/**
 * Polls how many bytes a connection has read off the network, which TLS hides from its reader: endless handshake
 * records cost the sender nothing, and us a CPU core. Returns a function that stops the polling.
 */
export function watchWire(wire: Socket, isOver: (bytesRead: number) => boolean, cut: () => void): () => void {
  const timer = setInterval(() => {
    if (!isOver(wire.bytesRead)) return
    clearInterval(timer)
    cut()
  }, lookEveryMs)
  return () => clearInterval(timer)
}
