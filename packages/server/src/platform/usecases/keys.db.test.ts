import { listKeys, revokeKey, rotateKey } from '@gatehouse/kernel/keys'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { toWireKey, toWireNewKey } from '../handlers/to-wire.ts'
import { createKey } from './create-key.ts'
import { toKeyDeps } from './key-deps.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { updateKey } from './update-key.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

const wish = { service: 'uptime', name: 'ci', scopes: ['read'] }

it('a key is shown once: in the reply to its making, and nowhere else', async () => {
  const { deps, found } = platform
  const owner = await found()
  const shown = toWireNewKey(await createKey(deps, owner, wish))
  expect(shown.key).toMatch(/^mk_[0-9a-f]{64}$/)
  expect(shown.keyPrefix).toBe(shown.key.slice(0, 11))
  const listed = (await listKeys(deps, owner)).map(toWireKey)
  expect(listed).toEqual([expect.objectContaining({ id: shown.id, keyPrefix: shown.keyPrefix })])
  expect(JSON.stringify(listed)).not.toContain(shown.key)
  const { auditLogs } = await listAuditLogs(deps, owner, { action: 'key.create', limit: 1 })
  expect(JSON.stringify(auditLogs)).toContain(shown.keyPrefix)
  expect(JSON.stringify(auditLogs)).not.toContain(shown.key)
})

it("another org's key id is not found, in the words of one that never existed", async () => {
  const { deps, found } = platform
  const [ann, eve] = [await found(), await found()]
  const { record } = await createKey(deps, ann, wish)
  const keyDeps = toKeyDeps(deps)
  for (const attempt of [
    (id: string) => revokeKey(keyDeps, eve, id),
    (id: string) => rotateKey(keyDeps, eve, id, 0),
    (id: string) => updateKey(deps, eve, id, { name: 'mine' }),
  ]) {
    const refusal = (id: string): Promise<unknown> => attempt(id).catch((error: unknown) => error)
    expect(await refusal(record.id)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(await refusal(record.id)).toEqual(await refusal('01ARZ3NDEKTSV4RRFFQ69G5FAV'))
  }
  expect(await listKeys(deps, ann)).toHaveLength(1)
})

it('a service or scope that does not exist is refused by name', async () => {
  const { deps, found } = platform
  const owner = await found()
  await expect(createKey(deps, owner, { ...wish, service: 'tea' })).rejects.toMatchObject({
    fields: [{ field: 'service', message: 'must be one of uptime' }],
  })
  await expect(createKey(deps, owner, { ...wish, scopes: ['read', 'bars:read'] })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    fields: [{ field: 'scopes' }],
  })
})

it('an edit changes what it names and nothing else', async () => {
  const { deps, found } = platform
  const owner = await found()
  const { record } = await createKey(deps, owner, { ...wish, ipAllow: ['192.0.2.0/24'] })
  const edited = await updateKey(deps, owner, record.id, { scopes: ['write'] })
  expect(edited).toEqual({ ...record, scopes: ['monitors:read', 'monitors:write'] })
})
