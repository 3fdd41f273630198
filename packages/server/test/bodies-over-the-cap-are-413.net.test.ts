import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

const cap = 1_048_576
let server: ComposedServer
let key: string

beforeAll(async () => {
  server = await composeServer()
  key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken))
})
afterAll(() => server.stop())

/** A JSON body of exactly so many bytes. */
function bodyOf(bytes: number): string {
  const frame = JSON.stringify({ type: 'heartbeat', name: '', config: {} })
  return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`)
}

async function post(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const response = await fetch(`${server.origin}/api/v1/monitors`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body,
    // Needed by fetch for a body that is a stream.
    ...({ duplex: 'half' } as object),
  })
  await response.text()
  return response.status
}

function inPieces(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, (at += 65_536)))
    },
  })
}

describe('bodies-over-the-cap-are-413', () => {
  it('a body of exactly the cap is read, and refused for what it says', async () => {
    expect(await post(bodyOf(cap))).toBe(400)
  })

  it('one byte more is too large', async () => {
    expect(await post(bodyOf(cap + 1))).toBe(413)
  })

  it('a body without a length is counted while it streams', async () => {
    expect(await post(inPieces(bodyOf(cap)))).toBe(400)
    expect(await post(inPieces(bodyOf(cap + 1)))).toBe(413)
  })

  it('a compressed body is counted inflated', async () => {
    const packed = gzipSync(bodyOf(cap + 1))
    expect(packed.length).toBeLessThan(10_000)
    expect(await post(packed, { 'content-encoding': 'gzip' })).toBe(413)
  })
})
