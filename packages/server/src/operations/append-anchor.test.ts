import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toAnchors } from '@gatehouse/kernel/audit'
import { expect, it } from 'vitest'
import { appendAnchor } from './append-anchor.ts'

it('what is added, line by line, is what the verifier reads, and its owner\u2019s alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-anchor-'))
  const path = join(folder, 'anchors.ndjson')
  const checkpoint = (number: number) => ({
    org_id: '11111111-1111-4111-8111-111111111111',
    number,
    prev_hash: '0'.repeat(64),
    seq: number * 3,
    entry_hash: 'f'.repeat(64),
    ts: '2026-01-01T00:00:00.000Z',
    key_id: 'sig-1',
    signature: 'AA',
  })
  await appendAnchor(path, checkpoint(1))
  await appendAnchor(path, checkpoint(2))
  expect(toAnchors(await readFile(path, 'utf8'))).toEqual(
    [1, 2].map((number) => ({ kind: 'checkpoint', ...checkpoint(number) })),
  )
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(() => toAnchors('{}')).toThrow('Line 1 of the file of anchors')
  expect(() => toAnchors('')).toThrow('holds no checkpoint')
  await rm(folder, { recursive: true })
})
