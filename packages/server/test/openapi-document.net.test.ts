import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
let server: ComposedServer
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-openapi-'))
  server = await composeServer({ GATEHOUSE_PUBLIC_URL: 'https://example.com/gatehouse' })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('served-document-lints-clean', () => {
  it('Redocly finds no error in what is served', async () => {
    const { status, text, headers } = await server.client.send('/openapi.json')
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
    })
    const file = join(folder, 'openapi.json')
    await writeFile(file, text)
    const cli = join(root, 'node_modules/@redocly/cli/bin/cli.js')
    const command = [cli, 'lint', '--config', join(root, 'tools/redocly.yaml'), file]
    // Beside this process, whose server would not hear of its clients meanwhile.
    const { promise, resolve } = Promise.withResolvers<{ exit: unknown; said: string }>()
    execFile(process.execPath, command, { env: { ...process.env, CI: 'true' } }, (error, out, note) =>
      resolve({ exit: error?.code ?? 0, said: error === null ? '' : out + note }),
    )
    expect(await promise).toEqual({ exit: 0, said: '' })
  })

  it('what is served is what the repository holds, with the address it is served at', async () => {
    const served: unknown = JSON.parse((await server.client.send('/openapi.json')).text)
    const kept: object = JSON.parse(await readFile(join(root, 'docs/openapi.json'), 'utf8'))
    expect(served).toEqual({ ...kept, servers: [{ url: 'https://example.com/gatehouse' }] })
  })

  it('who has it already is not sent it again', async () => {
    const first = await server.client.send('/openapi.json')
    const etag = first.headers.get('etag') ?? ''
    const again = await server.client.send('/openapi.json', { headers: { 'if-none-match': etag } })
    expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' })
    const stale = await server.client.send('/openapi.json', { headers: { 'if-none-match': '"other"' } })
    expect(stale.status).toBe(200)
  })
})

it('expressions in the document are read by engines without look-around, back-references and Unicode classes', async () => {
  const { text } = await server.client.send('/openapi.json')
  const patterns = [...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, json = '""']): string =>
    JSON.parse(json),
  )
  expect(patterns.length).toBeGreaterThan(10)
  expect(patterns.filter((pattern) => /\(\?(?!:)|\\[1-9pPukbB]/.test(pattern))).toEqual([])
})
