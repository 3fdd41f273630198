import { z } from 'zod'
import { scoreReply } from './blocks.ts'

/** Score events that public clients know. Their members stand beside the event's name, not below `data` (wire 8). */
export const scoreEvents = {
  // Null unless the organisation lets alerts name operators.
  'score.committed': scoreReply.extend({ operator_id: z.string().nullable() }),
}
