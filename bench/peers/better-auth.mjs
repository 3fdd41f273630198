// JavaScript, because the types of what it imports are there only once the peers are installed.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { answer, answerPath } from '../gate/answer.ts'
import { serveMeasured } from '../served-process.ts'
import { startBetterAuth } from './better-auth-keys.mjs'

/** The API keys and the limit of better-auth before a bare `node:http` handler. */
await serveMeasured(async () => {
  const { keys, verify } = await startBetterAuth(1)
  const answerOne = async (request, response) => {
    const text = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    const proven = text !== undefined && (await verify(text))
    const found = proven && request.url === answerPath
    const body = JSON.stringify(found ? answer : { error: proven ? 'not found' : 'unauthorized' })
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    response.writeHead(found ? 200 : proven ? 404 : 401, headers).end(body)
  }
  const server = createServer((request, response) => void answerOne(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    headers: { authorization: `Bearer ${keys[0]}` },
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
})
