import { expect, it } from 'vitest'
import { createCursors } from './cursors.ts'

const cursors = createCursors(Buffer.alloc(32, 1))
const cursor = cursors.seal('monitors', 'org-a', '42')

it('a cursor opens for its own list and org', () => {
  expect(cursors.open('monitors', 'org-a', cursor)).toBe('42')
})

it.each([
  ['another org', 'monitors', 'org-b', cursor],
  ['another list', 'incidents', 'org-a', cursor],
  ['a changed byte', 'monitors', 'org-a', `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`],
  ['text that is no cursor', 'monitors', 'org-a', 'zzz'],
  ['nothing', 'monitors', 'org-a', ''],
])('a cursor is refused for %s', (_why, list, org, given) => {
  expect(cursors.open(list, org, given)).toBeUndefined()
})

it('a cursor has one spelling: bytes that are no text are not read as the sign that stands for them', () => {
  const sealed = Buffer.from(cursors.seal('monitors', 'org-a', '\uFFFD'), 'base64url')
  const other = Buffer.concat([sealed.subarray(0, -3), Buffer.from([0xff])]).toString('base64url')
  expect(cursors.open('monitors', 'org-a', sealed.toString('base64url'))).toBe('\uFFFD')
  expect(cursors.open('monitors', 'org-a', other)).toBeUndefined()
})
