import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fontFiles } from '@gatehouse/kernel/design'
import { RawReply } from '@gatehouse/kernel/endpoint'

const { resolve } = createRequire(import.meta.url)

/** Reads a font; its file is named by its content, so that it can be cached forever. */
function readFont(name: keyof typeof fontFiles): { readonly file: string; readonly body: Buffer } {
  const body = readFileSync(resolve(fontFiles[name]))
  return { body, file: `${name}-${createHash('sha256').update(body).digest('hex').slice(0, 16)}.woff2` }
}

/** The fonts of public pages, which load nothing from third parties. */
export const publicFonts = { inter: readFont('inter'), mono: readFont('mono') }

export function readPublicFont(file: string): RawReply | undefined {
  const font = Object.values(publicFonts).find((known) => known.file === file)
  return (
    font &&
    new RawReply(font.body, {
      'content-type': 'font/woff2',
      'cache-control': 'public, max-age=31536000, immutable',
    })
  )
}
