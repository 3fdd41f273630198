import type { Socket } from 'node:net'

const lookEveryMs = 10

/**
 * Looks again and again at how much a connection has read off the network, which TLS hides from whoever reads the
 * connection: handshake records without end cost the sender nothing, and us a core. Returns what ends it.
 */
export function watchWire(wire: Socket, isOver: (bytesRead: number) => boolean, cut: () => void): () => void {
  const timer = setInterval(() => {
    if (!isOver(wire.bytesRead)) return
    clearInterval(timer)
    cut()
  }, lookEveryMs)
  return () => clearInterval(timer)
}
