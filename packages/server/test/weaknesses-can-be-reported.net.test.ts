import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

let server: ComposedServer

beforeAll(async () => {
  server = await composeServer({ GATEHOUSE_PUBLIC_URL: 'https://example.com/gate' })
})
afterAll(() => server.stop())

async function readFields(): Promise<ReadonlyMap<string, string>> {
  const { status, text, headers } = await server.client.send('/.well-known/security.txt')
  expect({ status, type: headers.get('content-type') }).toEqual({
    status: 200,
    type: 'text/plain; charset=utf-8',
  })
  const lines = text.trimEnd().split('\n')
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
}

it('security.txt names a contact, itself, and a policy that is served', async () => {
  const fields = await readFields()
  expect(fields.get('Contact')).toBe('mailto:security@example.com')
  expect(fields.get('Canonical')).toBe('https://example.com/gate/.well-known/security.txt')
  for (const name of ['Policy', 'Acknowledgments']) {
    const link = fields.get(name) ?? ''
    expect(link.startsWith('https://example.com/gate/')).toBe(true)
    const page = await server.client.send(link.slice('https://example.com/gate'.length))
    expect({ status: page.status, type: page.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'text/html; charset=utf-8',
    })
  }
})

it('the policy that is served is the one of the repository, with its date', async () => {
  const file = readFileSync(new URL('../../../SECURITY.md', import.meta.url), 'utf8')
  const [date = ''] = /Last updated: \d{4}-\d\d-\d\d/.exec(file) ?? []
  expect(date).not.toBe('')
  expect((await server.client.send('/docs/security')).text).toContain(date)
})
