import { Readable } from 'node:stream'
import { systemClock } from '@gatehouse/kernel/clock'
import { defineEndpoint, type EventConnection, EventsReply } from '@gatehouse/kernel/endpoint'
import { createLogger } from '@gatehouse/kernel/log'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { expect, it } from 'vitest'
import { createEventStreams } from './event-streams.ts'
import { createOpenSockets } from './open-sockets.ts'

const endpoint = defineEndpoint({
  method: 'GET',
  path: '/api/v1/monitors/events',
  id: 'follow',
  summary: 'Hear of it',
  tag: 'monitors',
  access: { kind: 'key', scope: 'monitors:read' },
  reply: { status: 200, mediaType: 'text/event-stream', events: { perCallerMax: 2, perOrgMax: 2 } },
  problems: [],
})

const caller: KeyPrincipal = {
  kind: 'key',
  orgId: '00000000-0000-4000-8000-000000000001',
  service: 'uptime',
  keyId: 'one',
  keyPrefix: 'mk_12345678',
  scopes: ['monitors:read'],
  ip: '192.0.2.1',
}

function openStream() {
  const openSockets = createOpenSockets({
    clock: systemClock,
    log: createLogger('silent'),
    news: { isConnected: () => true, subscribe: () => () => undefined },
    rereadKeys: async () => () => ({ accepted: true, requestsPerWindow: null, ...caller }),
  })
  const streams = createEventStreams({
    openSockets,
    verifySession: async () => ({ accepted: false, reason: 'nobody' }),
  })
  let connection: EventConnection | undefined
  let hasLeft = false
  const { body } = streams.open(
    endpoint,
    caller,
    { rawHeaders: [] },
    new EventsReply((opened) => {
      connection = opened
      return () => {
        hasLeft = true
      }
    }),
  )
  if (!(body instanceof Readable) || connection === undefined) throw new Error('There must be a stream')
  return { body, connection, hasLeft: () => hasLeft }
}

it('a-listener-that-reads-nothing-is-cut: what it has not read yet never grows beyond its bound', async () => {
  const { body, connection, hasLeft } = openStream()
  const kilobyte = 'x'.repeat(1_024)
  for (let sent = 0; sent < 240; sent += 1) connection.send({ event: 'test', data: { kilobyte } })
  expect(body.destroyed).toBe(false)
  for (let sent = 0; sent < 32; sent += 1) connection.send({ event: 'test', data: { kilobyte } })
  expect(body.destroyed).toBe(true)
  await expect.poll(hasLeft).toBe(true)
})
