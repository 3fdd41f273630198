import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type KeyName,
  type LocalInstance,
  retireSecret,
  rotateSecret,
  secretsStatus,
  withLocalInstance,
} from '../src/local/index.ts'
import { schema } from '../src/schema.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, password, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let ann: SignedIn
let key: string
let heartbeat: string

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann)
  const { monitor } = await server.client.ask<{ monitor: { id: string } }>('/api/v1/monitors', {
    credential: key,
    body: { type: 'heartbeat', name: 'Nightly', config: {} },
  })
  heartbeat = `/api/v1/monitors/${monitor.id}/heartbeat-url`
})
afterAll(() => server.stop())

/** As a command on the server's own machine, while the server runs. */
const locally = <T>(work: (local: LocalInstance) => Promise<T>): Promise<T> =>
  withLocalInstance({ env: server.env, folder: '/', progress: () => undefined }, work)
const rotate = (name: KeyName) => locally((local) => rotateSecret(local, server.env, name))
const retire = (name: KeyName, version: number) =>
  locally((local) => retireSecret(local, server.env, name, version))
const statusOf = async (name: KeyName) => {
  const found = (await locally((local) => secretsStatus(local, server.env))).find((one) => one.name === name)
  if (found === undefined) throw new Error(`There is no ${name}`)
  return found
}
const useKey = async () => (await server.client.send('/api/v1/monitors', { credential: key })).status
const logIn = () =>
  server.client.ask<SignedIn>('/auth/login', { body: { email: 'ann@example.com', password } })
const keyIdOf = (token: string): unknown =>
  (JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString()) as { kid: unknown }).kid

describe('each of the server’s own keys is rotated while it runs', () => {
  it('the key of access tokens: new tokens stand under the new one, and those of before go on', async () => {
    expect(keyIdOf(ann.accessToken)).toBe('jwt-1')
    expect(await rotate('jwt-key')).toMatchObject({ current: 2 })
    await expect.poll(async () => keyIdOf((await logIn()).accessToken)).toBe('jwt-2')
    const { status } = await server.client.send('/dashboard/me', { credential: ann.accessToken })
    expect(status).toBe(200)
    await expect(retire('jwt-key', 1)).rejects.toThrow('15 minutes')
    await expect(retire('jwt-key', 2)).rejects.toThrow()
  })

  it('the pepper: a key moves when it is used, and the old version goes once none is left', async () => {
    expect(await statusOf('pepper')).toMatchObject({ current: 1, behind: 0 })
    await rotate('pepper')
    expect(await statusOf('pepper')).toMatchObject({ current: 2, behind: 1 })
    await expect(retire('pepper', 1)).rejects.toThrow('1 API keys still stand under version 1')
    await expect
      .poll(async () => {
        expect(await useKey()).toBe(200)
        return (await statusOf('pepper')).behind
      })
      .toBe(0)
    await retire('pepper', 1)
    expect((await statusOf('pepper')).versions).toHaveLength(1)
    expect(await useKey()).toBe(200)
  })

  it('the master key: everything is sealed anew, and opens without the old one', async () => {
    const before = await server.client.ask<{ url: string }>(heartbeat, { credential: key })
    expect(await rotate('master-key')).toMatchObject({ current: 2, moved: 1 })
    expect(await statusOf('master-key')).toMatchObject({ current: 2, behind: 0 })
    await expect.poll(async () => (await server.client.send(heartbeat, { credential: key })).status).toBe(200)
    await retire('master-key', 1)
    expect(await server.client.ask<{ url: string }>(heartbeat, { credential: key })).toEqual(before)
  })

  it('the signing key: both sign the change in every chain, all of it verifies, and strangers find both keys', async () => {
    await rotate('signing-key')
    const { keys } = await server.client.ask<{ keys: { key_id: string }[] }>(
      '/.well-known/gatehouse-keys.json',
    )
    await expect
      .poll(async () => {
        const found = await server.client.ask<{ keys: { key_id: string }[] }>(
          '/.well-known/gatehouse-keys.json',
        )
        return found.keys.length
      })
      .toBe(2)
    expect(keys.length).toBeGreaterThanOrEqual(1)
    await logIn()
    const credential = ann.accessToken
    const verdict = await server.client.ask<{ intact: boolean; faults: unknown[] }>(
      '/dashboard/audit-logs/verify',
      { credential },
    )
    expect(verdict).toMatchObject({ intact: true, faults: [] })
    const { text } = await server.client.send('/dashboard/audit-logs/export', { credential })
    expect(text.match(/SIGNING_KEY_ROTATED/g)?.length).toBeGreaterThanOrEqual(1)
    await expect(retire('signing-key', 1)).rejects.toThrow('verified with them')
  })

  it('the status names ages and versions, and holds no key', async () => {
    const status = await locally((local) => secretsStatus(local, server.env))
    expect(status.map(({ name }) => name)).toEqual(['master-key', 'pepper', 'jwt-key', 'signing-key'])
    for (const { versions } of status)
      for (const { madeAt } of versions) expect(Date.parse(madeAt ?? '')).toBeGreaterThan(0)
    expect(JSON.stringify(status)).not.toMatch(/[A-Za-z0-9+/]{40}/)
  })

  it('a key of the environment is the operator’s own to change', async () => {
    const env = { ...server.env, GATEHOUSE_JWT_KEY: `1:${Buffer.alloc(32, 1).toString('base64')}` }
    await expect(locally((local) => rotateSecret(local, env, 'jwt-key'))).rejects.toThrow(
      'GATEHOUSE_JWT_KEY is set',
    )
  })
})

it('no column of sealed values is left out when the master key changes', async () => {
  const { rows } = await server.db.pool.query<{ name: string }>(
    `SELECT format('%s.%s.%s', table_schema, table_name, column_name) AS name
       FROM information_schema.columns
      WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND column_name ~ '(^|_)sealed(_|$)'`,
  )
  const known = schema.sealed.map(({ table, column }) => `${table}.${column}`)
  expect(rows.map(({ name }) => name).toSorted()).toEqual(known.toSorted())
})
