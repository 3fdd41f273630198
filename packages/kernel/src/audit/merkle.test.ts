import fc from 'fast-check'
import { expect, it } from 'vitest'
import { merklePath, merkleRoot, verifyMerklePath } from './merkle.ts'

it('the published root is reproduced', () => {
  const items = ['a', 'b', 'c'].map((id) => `{"session_id":"${id}"}`)
  expect(merkleRoot(items)).toBe('8cb81fad8e1c23a0db44ddc03ea6bad5742ed4ce14fed72de01cb6ce9f424e29')
})

it('the root of nothing is the hash of nothing', () => {
  expect(merkleRoot([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

it('every path leads to the root, in at most seven steps for a hundred items, and from no other item', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(), (count, at) => {
      const items = Array.from({ length: count }, (_, n) => `item ${n}`)
      const index = at % count
      const path = merklePath(items, index)
      const root = merkleRoot(items)
      expect(path.length).toBeLessThanOrEqual(7)
      expect(verifyMerklePath(`item ${index}`, path, root)).toBe(true)
      expect(verifyMerklePath('another', path, root)).toBe(false)
    }),
  )
  expect(() => merklePath(['a'], 1)).toThrow('no item 1')
})
