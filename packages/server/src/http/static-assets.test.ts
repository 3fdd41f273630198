import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { staticAssets } from './static-assets.ts'

const script = 'export const answer = 42\n'.repeat(50)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-assets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function build(): void {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'assets', 'app-1a2b.js'), script)
}

it('without a build, the page says how to make one and nothing is kept', () => {
  const { page, asset } = staticAssets(folder)
  const { status, body, headers } = page(undefined)
  expect(status).toBe(503)
  expect(body).toEqual(expect.stringContaining('npm start'))
  expect(headers['cache-control']).toBe('no-store')
  expect(asset('app-1a2b.js', undefined)).toBeUndefined()
})

it('the page is asked for anew each time, under a policy without inline script or style', () => {
  build()
  const { status, headers } = staticAssets(folder).page(undefined)
  expect(status).toBeUndefined()
  expect(headers['cache-control']).toBe('no-cache')
  expect(headers['content-security-policy']).toContain(
    "default-src 'none'; script-src 'self'; style-src 'self'",
  )
})

it.each([
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['gzip;q=1.0, br;q=0', 'gzip', gunzipSync],
  ['br;q=0.0', undefined, (body: Buffer) => body],
  [undefined, undefined, (body: Buffer) => body],
])('to a client that accepts %s, a file is sent as %s', (accepted, encoding, unpack) => {
  build()
  const reply = staticAssets(folder).asset('app-1a2b.js', accepted)
  expect(reply?.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  })
  expect(reply?.headers['content-encoding']).toBe(encoding)
  if (!(reply?.body instanceof Buffer)) throw new Error('It is not held in memory')
  expect(unpack(reply.body).toString()).toBe(script)
})

it('the page names its parts from the root that people see, whatever path a proxy takes away', () => {
  build()
  const parts = '<script src="./assets/app-1a2b.js"></script><link href="./assets/a.css"><a href="./">'
  writeFileSync(join(folder, 'index.html'), parts)
  const text = (publicPath?: string): string => {
    const { body } = staticAssets(folder, publicPath).page(undefined)
    return body instanceof Buffer ? body.toString() : ''
  }
  expect(text()).toBe(parts.replaceAll('"./', '"/'))
  expect(text('/gate/house')).toBe(parts.replaceAll('"./', '"/gate/house/'))
  expect(text('/a&b')).toBe(parts.replaceAll('"./', '"/a&amp;b/'))
})

it('only the files of the build can be named', () => {
  build()
  const { asset } = staticAssets(folder)
  expect(asset('../index.html', undefined)).toBeUndefined()
  expect(asset('index.html', undefined)).toBeUndefined()
})
