export type SentryDsn = {
  readonly publicKey: string
  /** Where envelopes go. */
  readonly envelopeUrl: string
}

/** `https://KEY@HOST/PATH/PROJECT`, as Sentry shows it; undefined when it is something else. */
export function parseSentryDsn(text: string): SentryDsn | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    return undefined
  const [, folder, project] = /^(\/(?:[\w.~-]+\/)*)(\d{1,20})$/.exec(url.pathname) ?? []
  if (project === undefined || !/^[\w-]{1,128}$/.test(url.username)) return undefined
  return { publicKey: url.username, envelopeUrl: `${url.origin}${folder}api/${project}/envelope/` }
}
