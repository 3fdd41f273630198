import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/**
 * A mail server that accepts every mail (the subset of RFC 5321 that a drill needs), and keeps it until the drill ends.
 */
export type Mailbox = {
  readonly port: number
  readonly mails: readonly string[]
  readonly stop: () => Promise<void>
}

export async function startMailbox(): Promise<Mailbox> {
  const mails: string[] = []
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => open.delete(socket))
    converse(socket, (mail) => mails.push(mail))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The mailbox has no port')
  return {
    port: address.port,
    mails,
    stop: async () => {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
}

function converse(socket: Socket, keep: (mail: string) => void): void {
  let waiting = ''
  let isData = false
  socket.setEncoding('utf8').write('220 drill ESMTP\r\n')
  socket.on('data', (chunk: string) => {
    waiting += chunk
    for (;;) {
      const end = isData ? '\r\n.\r\n' : '\r\n'
      const at = waiting.indexOf(end)
      if (at < 0) return
      const said = waiting.slice(0, at)
      waiting = waiting.slice(at + end.length)
      if (isData) keep(said)
      isData = !isData && /^DATA$/i.test(said)
      socket.write(isData ? '354 go on\r\n' : /^QUIT$/i.test(said) ? '221 bye\r\n' : '250 ok\r\n')
    }
  })
}
