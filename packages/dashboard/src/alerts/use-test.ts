import { GatehouseProblem } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { showToast } from '../parts/toast.tsx'
import { Refusal } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { alertWords as says } from '../words/alert-words.ts'
import { type Destination, nameDestination } from './alert-calls.ts'
import { toAnswer } from './to-answer.ts'

/** The test of a channel returns its result; that of a webhook is a delivery of its own. */
export function useTest() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (destination: Destination) => {
      if (destination.kind === 'channel') await testChannel(destination.id)
      else await gatehouse.platform.webhooks.test(destination.id)
    },
    onSuccess: async (_done, destination) => {
      const name = nameDestination(destination)
      showToast(destination.kind === 'channel' ? says.tested(name) : says.testQueued(name))
      await queries.invalidateQueries({ queryKey: ['deliveries'] })
    },
  })
}

/** What came of a test that failed is told in the language of the screen. */
async function testChannel(id: string): Promise<void> {
  try {
    await gatehouse.uptime.channels.test(id)
  } catch (error) {
    if (!(error instanceof GatehouseProblem) || error.code !== 'DELIVERY_FAILED') throw error
    const result = error.message.replace(/^The test was not delivered: /, '')
    throw new Refusal(says.testRefused(toAnswer(result)), { cause: error })
  }
}
