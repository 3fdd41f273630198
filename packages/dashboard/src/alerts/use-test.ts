import { useMutation, useQueryClient } from '@tanstack/react-query'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { alertWords as says } from '../words/alert-words.ts'
import { type Destination, nameDestination } from './alert-calls.ts'

/** The test of a channel returns its result; that of a webhook is a delivery of its own. */
export function useTest() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (destination: Destination) => {
      if (destination.kind === 'channel') await gatehouse.uptime.channels.test(destination.id)
      else await gatehouse.platform.webhooks.test(destination.id)
    },
    onSuccess: async (_done, destination) => {
      const name = nameDestination(destination)
      showToast(destination.kind === 'channel' ? says.tested(name) : says.testQueued(name))
      await queries.invalidateQueries({ queryKey: ['deliveries'] })
    },
  })
}
