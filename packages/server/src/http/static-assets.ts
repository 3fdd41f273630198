import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { RawReply } from '@gatehouse/kernel/endpoint'

type Encoding = 'br' | 'gzip' | 'identity'
type Asset = { readonly mediaType: string; readonly bodies: Readonly<Record<Encoding, Buffer>> }

export type StaticAssets = {
  /** The one page that all addresses of the app share; 503 while nothing is built. */
  readonly page: (acceptEncoding: string | undefined) => RawReply
  /** A file of `assets/`; undefined when there is none of that name. */
  readonly asset: (file: string, acceptEncoding: string | undefined) => RawReply | undefined
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const unbuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gatehouse</title>
<h1>The dashboard is not built</h1>
<p>Stop the server and start it with <code>npm start</code>, which builds it, or run
<code>npm run build --workspace @gatehouse/dashboard</code> and start again. The API works meanwhile.</p></html>
`

/** Reads a built app into memory once, compressed, so that a request touches no disk and no path. */
export function staticAssets(folder: string): StaticAssets {
  const index = readAsset(join(folder, 'index.html'))
  const files = new Map(listAssets(folder).map((file) => [file, readAsset(join(folder, 'assets', file))]))
  return {
    page: (accepted) => {
      const headers = { 'content-security-policy': policy, 'content-type': mediaTypes['.html'] ?? '' }
      if (index === undefined)
        return new RawReply(unbuilt, { ...headers, 'cache-control': 'no-store', 'retry-after': '30' }, 503)
      return toReply(index, accepted, { ...headers, 'cache-control': 'no-cache' })
    },
    asset: (file, accepted) => {
      const asset = files.get(file)
      // Their names hold a hash of what is in them.
      return asset && toReply(asset, accepted, { 'cache-control': 'public, max-age=31536000, immutable' })
    },
  }
}

function toReply(
  { mediaType, bodies }: Asset,
  accepted: string | undefined,
  headers: Readonly<Record<string, string>>,
): RawReply {
  const encoding = chooseEncoding(accepted)
  return new RawReply(bodies[encoding], {
    ...headers,
    'content-type': mediaType,
    vary: 'accept-encoding',
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  })
}

function chooseEncoding(accepted = ''): Encoding {
  const offered = accepted
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim())
  return (['br', 'gzip'] as const).find((encoding) => offered.includes(encoding)) ?? 'identity'
}

function listAssets(folder: string): readonly string[] {
  return ifPresent(() => readdirSync(join(folder, 'assets'))) ?? []
}

function readAsset(path: string): Asset | undefined {
  const identity = ifPresent(() => readFileSync(path))
  if (identity === undefined) return undefined
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
  return {
    mediaType: mediaTypes[extname(path)] ?? 'application/octet-stream',
    bodies: {
      br: brotliCompressSync(identity, { params }),
      gzip: gzipSync(identity, { level: 9 }),
      identity,
    },
  }
}

function ifPresent<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
