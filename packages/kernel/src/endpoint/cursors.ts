import { createHmac, timingSafeEqual } from 'node:crypto'

export type Cursors = {
  /** Makes an opaque cursor that only this instance can make, bound to its list and org. */
  readonly seal: (list: string, orgId: string, position: string) => string
  /** The position, or undefined when the text is not a cursor of this list and org. */
  readonly open: (list: string, orgId: string, cursor: string) => string | undefined
}

const tagBytes = 16

export function createCursors(key: Buffer): Cursors {
  const tag = (list: string, orgId: string, position: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([list, orgId, position]))
      .digest()
      .subarray(0, tagBytes)
  return {
    seal: (list, orgId, position) =>
      Buffer.concat([tag(list, orgId, position), Buffer.from(position, 'utf8')]).toString('base64url'),
    open: (list, orgId, cursor) => {
      const bytes = Buffer.from(cursor, 'base64url')
      if (bytes.length <= tagBytes || bytes.toString('base64url') !== cursor) return undefined
      const written = bytes.subarray(tagBytes)
      const position = written.toString('utf8')
      if (!Buffer.from(position, 'utf8').equals(written)) return undefined
      return timingSafeEqual(bytes.subarray(0, tagBytes), tag(list, orgId, position)) ? position : undefined
    },
  }
}
