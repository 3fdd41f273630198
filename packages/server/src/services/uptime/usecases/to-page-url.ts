/** The address of a page: at its own domain, which is reached by the scheme and the port of the instance, if it has one. */
export function toPageUrl(publicUrl: string, slug: string, domain: string | null | undefined): string {
  if (domain === undefined || domain === null) return `${publicUrl}/status/${slug}`
  const { protocol, port } = new URL(publicUrl)
  return `${protocol}//${domain}${port === '' ? '' : `:${port}`}`
}
