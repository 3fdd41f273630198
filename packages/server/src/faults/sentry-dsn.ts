export type SentryDsn = {
  readonly publicKey: string
  /** The URL that envelopes are posted to. */
  readonly envelopeUrl: string
}

/** Parses a DSN of the form `https://KEY@HOST/PATH/PROJECT`; undefined for anything else. */
export function parseSentryDsn(text: string): SentryDsn | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    return undefined
  const [, folder, project] = /^(\/(?:[\w.~-]+\/)*)(\d{1,20})$/.exec(url.pathname) ?? []
  if (project === undefined || !/^[\w-]{1,128}$/.test(url.username)) return undefined
  return { publicKey: url.username, envelopeUrl: `${url.origin}${folder}api/${project}/envelope/` }
}
