import { describe, expect, it } from 'vitest'
import { tinyImages } from './fixtures/tiny-images.ts'
import { judgeLogo } from './logo.ts'

const bounds = { bytesMax: 2_000, pixelsMax: 1_000 }
const judge = (bytes: Uint8Array) => judgeLogo(bytes, bounds)
const read = (name: keyof typeof tinyImages): Buffer => Buffer.from(tinyImages[name], 'base64')

/** The head of a PNG of this size; the rest is not looked at. */
function png(width: number, height: number): Buffer {
  const bytes = read('png')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

describe('a-logo-is-what-it-holds: a picture is known by its content, whatever it is called', () => {
  it.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webpLossy', 'image/webp'],
    ['webpLossless', 'image/webp'],
    ['webpExtended', 'image/webp'],
  ] as const)('%s is %s of 3 by 2', (name, type) => {
    expect(judge(read(name))).toEqual({ accepted: true, type, width: 3, height: 2 })
  })

  it.each<[what: string, bytes: Buffer, message: string]>([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'must be a PNG, JPEG or WebP image'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'must be a PNG, JPEG or WebP image'],
    ['a GIF', Buffer.from('GIF89a\u0001\u0000'), 'must be a PNG, JPEG or WebP image'],
    ['nothing', Buffer.alloc(0), 'must be a PNG, JPEG or WebP image'],
    ['a PNG that ends too soon', read('png').subarray(0, 20), 'must be a whole image'],
    ['a JPEG that ends too soon', read('jpeg').subarray(0, 30), 'must be a whole image'],
    ['a WebP that ends too soon', read('webpLossy').subarray(0, 24), 'must be a whole image'],
    ['a PNG without width', png(0, 1), 'must be a whole image'],
    ['too wide a PNG', png(1_001, 1), 'must be at most 1000 pixels wide and high, and is 1001 by 1'],
    ['too high a PNG', png(1, 1_001), 'must be at most 1000 pixels wide and high, and is 1 by 1001'],
    ['too large a file', Buffer.concat([read('png'), Buffer.alloc(2_000)]), 'must be at most 2 kB'],
  ])('%s is refused', (_what, bytes, message) => {
    expect(judge(bytes)).toEqual({ accepted: false, message })
  })

  it('a PNG of just that size is accepted', () => {
    expect(judge(png(1_000, 1_000))).toMatchObject({ accepted: true, width: 1_000, height: 1_000 })
  })
})
