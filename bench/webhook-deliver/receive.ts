import { createServer } from 'node:http'

/** What the receiver has seen since it was last asked. */
export type Received = { readonly count: number; readonly ids: number; readonly lagsMs: readonly number[] }

let lagsMs: number[] = []
let ids = new Set<string>()

/** A receiver in a process of its own: answers at once, and remembers how long after its event each delivery came. */
const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (text += chunk))
  request.on('end', () => {
    response.writeHead(204).end()
    // Safe: the benchmark makes these bodies.
    const { at } = JSON.parse(text) as { readonly at: number }
    lagsMs.push(Date.now() - at)
    ids.add(String(request.headers['webhook-id']))
    if (lagsMs.length % 50 === 0) process.send?.({ kind: 'seen', count: lagsMs.length })
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port')
  process.send?.({ kind: 'ready', port: address.port })
})
process.on('message', (order: 'report' | 'stop') => {
  if (order === 'stop') return process.disconnect()
  process.send?.({ kind: 'report', received: { count: lagsMs.length, ids: ids.size, lagsMs } })
  lagsMs = []
  ids = new Set()
})
process.on('disconnect', () => process.exit())
