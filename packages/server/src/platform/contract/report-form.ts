import { text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { isPgpMessage } from '../domain/weakness-report.ts'
import { policy } from '../policy.ts'

const { textMax, contactMax } = policy.disclosure

/** The fields of the report form. After a refusal the form shows the person's own input again. */
export const reportForm = z
  .strictObject({
    what: text(1, textMax),
    impact: text(0, textMax).default(''),
    reproduction: text(0, textMax).default(''),
    contact: text(0, contactMax).default(''),
    credit: z.literal('yes', 'must be yes, or left out').optional(),
    name: text(0, 100).default(''),
    lang: z.enum(['en', 'ja']).optional(),
  })
  .superRefine(({ what, impact, reproduction, credit, name }, context) => {
    const refuse = (field: string): void =>
      context.addIssue({ code: 'custom', path: [field], message: 'is required', params: { isMissing: true } })
    // An encrypted message contains the other details itself.
    if (!isPgpMessage(what)) {
      if (impact.trim() === '') refuse('impact')
      if (reproduction.trim() === '') refuse('reproduction')
    }
    if (credit === 'yes' && name.trim() === '') refuse('name')
  })

/** The fields of the page that looks up a case. */
export const lookUpForm = z.strictObject({
  code: z.string().max(100).default(''),
  lang: z.enum(['en', 'ja']).optional(),
})
