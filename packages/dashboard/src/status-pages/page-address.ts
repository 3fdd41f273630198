import type { Service } from '@gatehouse/sdk'
import { instanceUrl } from '../at.ts'

/** Where readers find a page: at its own domain once that is active, by the scheme and the port of the instance. */
export function toPageAddress({
  slug,
  customDomain,
  customDomainStatus,
}: Pick<Service, 'slug' | 'customDomain' | 'customDomainStatus'>): string {
  if (customDomain === null || customDomainStatus !== 'active') return `${instanceUrl}/status/${slug}`
  const { protocol, port } = new URL(instanceUrl)
  return `${protocol}//${customDomain}${port === '' ? '' : `:${port}`}`
}
