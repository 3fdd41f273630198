import { useEffect } from 'preact/hooks'
import { type Group, services } from '../places.tsx'

const item = 'gatehouse-service'

/** The service of the current page or, on a shared page, the last one. */
export function useService(group: Group | undefined): (typeof services)[number] | undefined {
  const own = services.find((service) => service === group)
  useEffect(() => {
    if (own !== undefined) localStorage.setItem(item, own)
  }, [own])
  const last = localStorage.getItem(item)
  return own ?? services.find((service) => service === last)
}
