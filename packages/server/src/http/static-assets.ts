import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { contentPolicy, escapeHtml, RawReply } from '@gatehouse/kernel/endpoint'
import { compress, type Compressed, toCompressedReply } from './compressed.ts'

export type StaticAssets = {
  /** The page that all addresses of the app share; 503 while the app is not built. */
  readonly page: (acceptEncoding: string | undefined) => RawReply
  /** A file of `assets/`; undefined when there is none of that name. */
  readonly asset: (file: string, acceptEncoding: string | undefined) => RawReply | undefined
}

const policy = contentPolicy({
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'font-src': "'self'",
  'form-action': "'self'",
  // Previews of public pages: documents that the app has fetched, without scripts and under this same policy.
  'frame-src': 'blob:',
})

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const unbuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gatehouse</title>
<h1>The dashboard is not built</h1>
<p>Stop the server and start it with <code>npm start</code>, which builds it, or run
<code>npm run build --workspace @gatehouse/dashboard</code> and start again. The API works meanwhile.</p></html>
`

/**
 * Reads a built app into memory once, so that requests touch neither disk nor file paths. Browsers load its parts from
 * below `publicPath`, which a proxy may remove before it calls this server.
 */
export function staticAssets(folder: string, publicPath = ''): StaticAssets {
  const index = readIndex(folder, publicPath)
  const files = new Map(listAssets(folder).map((file) => [file, readAsset(join(folder, 'assets', file))]))
  return {
    page: (accepted) => {
      const headers = { 'content-security-policy': policy, 'content-type': mediaTypes['.html'] ?? '' }
      if (index === undefined)
        return new RawReply(unbuilt, { ...headers, 'cache-control': 'no-store', 'retry-after': '30' }, 503)
      return toCompressedReply(index, accepted, { ...headers, 'cache-control': 'no-cache' })
    },
    asset: (file, accepted) => {
      const asset = files.get(file)
      // The names of these files contain a hash of their content.
      return (
        asset &&
        toCompressedReply(asset, accepted, { 'cache-control': 'public, max-age=31536000, immutable' })
      )
    },
  }
}

function listAssets(folder: string): readonly string[] {
  return ifPresent(() => readdirSync(join(folder, 'assets'))) ?? []
}

/** Reads the page. It has many addresses, so its parts are referred to by absolute paths. */
function readIndex(folder: string, publicPath: string): Compressed | undefined {
  const built = ifPresent(() => readFileSync(join(folder, 'index.html'), 'utf8'))
  if (built === undefined) return undefined
  const placed = built.replaceAll(/ (src|href)="\.\//g, ` $1="${escapeHtml(publicPath)}/`)
  return compress(Buffer.from(placed), mediaTypes['.html'] ?? '')
}

function readAsset(path: string): Compressed | undefined {
  const identity = ifPresent(() => readFileSync(path))
  return identity && compress(identity, mediaTypes[extname(path)] ?? 'application/octet-stream')
}

function ifPresent<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
