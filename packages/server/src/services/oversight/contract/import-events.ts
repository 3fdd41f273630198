import { z } from 'zod'

/** Webhook events for imports. */
export const importEvents = {
  'oversight.import_finished': z.strictObject({
    import_id: z.string(),
    counted: z.int(),
    duplicates: z.int(),
    rejected: z.int(),
  }),
}
