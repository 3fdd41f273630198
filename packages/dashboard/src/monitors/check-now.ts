import { GatehouseProblem } from '@gatehouse/sdk'
import { Refusal } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { toUnavailable } from './to-unavailable.ts'

/** Checks a monitor now; where that is impossible, the error says why in the language of the screen. */
export async function checkNow(id: string): Promise<unknown> {
  try {
    return await gatehouse.uptime.monitors.check(id)
  } catch (error) {
    if (!(error instanceof GatehouseProblem) || error.code !== 'CHECK_UNAVAILABLE') throw error
    throw new Refusal(toUnavailable(error.message), { cause: error })
  }
}
