import { createHash } from 'node:crypto'

/** One step from a leaf to the root: the neighbour's hash in hex, and the side it stands on. */
export type MerkleStep = { readonly hash: string; readonly side: 'left' | 'right' }

/** The root of RFC 6962, section 2.1, over the UTF-8 bytes of the items, in hex. */
export function merkleRoot(items: readonly string[]): string {
  return hashTree(items.map(hashLeaf)).toString('hex')
}

/** The audit path of item `index`, from the leaf upwards. Throws when there is no such item. */
export function merklePath(items: readonly string[], index: number): readonly MerkleStep[] {
  if (!Number.isInteger(index) || index < 0 || index >= items.length)
    throw new Error(`There is no item ${index} among ${items.length}`)
  return pathTo(items.map(hashLeaf), index)
}

export function verifyMerklePath(item: string, path: readonly MerkleStep[], root: string): boolean {
  let hash = hashLeaf(item)
  for (const step of path) {
    const neighbour = Buffer.from(step.hash, 'hex')
    if (neighbour.length !== 32) return false
    hash = step.side === 'left' ? hashNode(neighbour, hash) : hashNode(hash, neighbour)
  }
  return hash.toString('hex') === root
}

function pathTo(leaves: readonly Buffer[], index: number): MerkleStep[] {
  if (leaves.length === 1) return []
  const split = splitAt(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return index < split
    ? [...pathTo(left, index), { hash: hashTree(right).toString('hex'), side: 'right' }]
    : [...pathTo(right, index - split), { hash: hashTree(left).toString('hex'), side: 'left' }]
}

function hashTree(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves
  if (first === undefined) return createHash('sha256').digest()
  if (leaves.length === 1) return first
  const split = splitAt(leaves.length)
  return hashNode(hashTree(leaves.slice(0, split)), hashTree(leaves.slice(split)))
}

/** The largest power of two below `count`. */
function splitAt(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1))
}

function hashLeaf(item: string): Buffer {
  return createHash('sha256').update('\0').update(item, 'utf8').digest()
}

function hashNode(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update('\x01').update(left).update(right).digest()
}
