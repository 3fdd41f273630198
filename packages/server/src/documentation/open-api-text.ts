import { hash } from 'node:crypto'
import { RawReply, type RequestContext } from '@gatehouse/kernel/endpoint'
import { compress, type Compressed, toCompressedReply } from '../http/compressed.ts'
import { readOpenApi } from './contract.ts'

type Text = { readonly etag: string; readonly text: Compressed }

export type OpenApiText = { readonly toReply: (context: RequestContext) => RawReply }

/** Makes the text of the OpenAPI document at its first request; it does not change afterwards. */
export function createOpenApiText({
  openApi,
  publicUrl,
}: {
  readonly openApi: () => object
  readonly publicUrl: () => string
}): OpenApiText {
  let made: Text | undefined
  const write = (): Text => {
    const text = Buffer.from(JSON.stringify({ ...openApi(), servers: [{ url: publicUrl() }] }))
    const etag = `"${hash('sha1', text, 'base64url')}"`
    return { etag, text: compress(text, readOpenApi.reply.mediaType) }
  }
  return {
    toReply: ({ header }) => {
      const { etag, text } = (made ??= write())
      const headers = { etag, 'cache-control': 'public, no-cache' }
      if (header('if-none-match') === etag) return new RawReply('', headers, 304)
      return toCompressedReply(text, header('accept-encoding'), headers)
    },
  }
}
