import { z } from 'zod'

/** The values that the sentence of a code contains. */
export const reasonValues = z.record(z.string(), z.union([z.string(), z.number()]))

/** What a sentence of a reply says, for clients that write it in another language. */
export const reason = z
  .strictObject({
    code: z.string().meta({
      description:
        'A code such as `connect_timeout`. New codes may appear: show the sentence beside it then.',
    }),
    values: reasonValues.meta({ description: 'What the sentence contains, such as `seconds`' }),
  })
  .meta({ id: 'Reason' })
