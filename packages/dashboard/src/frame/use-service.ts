import { useEffect } from 'preact/hooks'
import { type Group, services } from '../places.tsx'

const item = 'gatehouse-service'

/** The service whose pages are open: that of this page, or the last one on a page that all share. */
export function useService(group: Group | undefined): (typeof services)[number] | undefined {
  const own = services.find((service) => service === group)
  useEffect(() => {
    if (own !== undefined) localStorage.setItem(item, own)
  }, [own])
  const last = localStorage.getItem(item)
  return own ?? services.find((service) => service === last)
}
