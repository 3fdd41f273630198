import { z } from 'zod'
import { time } from './blocks.ts'
import { contestStates } from './contests.ts'

const contested = z.strictObject({
  contest_id: z.string(),
  state: z.enum(contestStates),
  due_at: time,
})

/** Webhook events for contests; they name nobody. */
export const contestEvents = {
  'oversight.contest_opened': contested,
  'oversight.contest_decided': contested,
}
