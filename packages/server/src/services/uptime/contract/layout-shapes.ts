import { displayName, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { uptimePolicy as policy } from '../policy.ts'
import { flag } from './shapes.ts'

const { layoutMax } = policy

// An id that cannot exist is answered in the same way as an unknown one.
const id = text(1, 64)

const newSection = z.strictObject({
  id: id.optional().meta({ description: 'The id of an existing section; omit it to create a new section' }),
  name: displayName(100),
})

const newComponent = z
  .strictObject({
    id: id.optional().meta({ description: 'The id of an existing component without a monitor' }),
    monitorId: id.optional(),
    state: z
      .enum(['up', 'degraded', 'down', 'maintenance'])
      .optional()
      .meta({ description: 'The manually set state of a component without a monitor' }),
    section: z.int().min(0).nullable().optional().meta({
      description:
        'The zero-based index in `sections`; if omitted or null, the component is shown before all sections',
    }),
    displayName: displayName(100).nullable().optional(),
    description: text(0, 500).trim().nullable().optional(),
    hidden: z.boolean().optional(),
  })
  .superRefine((component, context) => {
    const refuse = (member: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [member], message })
    const { monitorId, state, displayName: shown } = component
    if (monitorId !== undefined) {
      if (component.id !== undefined) refuse('id', 'must not be sent for a monitor')
      if (state !== undefined) refuse('state', 'must not be sent for a monitor, which has its own')
      return
    }
    if (component.id === undefined && state === undefined)
      refuse('monitorId', 'is required, or else a state that a person sets')
    if (shown === null || (component.id === undefined && shown === undefined))
      refuse('displayName', 'is required without a monitor')
  })

/** Sections and components in the order shown to readers. */
export const newLayout = z
  .strictObject({
    sections: z.array(newSection).max(layoutMax, `must be at most ${layoutMax}`),
    components: z.array(newComponent).max(layoutMax, `must be at most ${layoutMax}`),
  })
  .superRefine(({ sections, components }, context) => {
    for (const [index, { section }] of components.entries())
      if (section !== undefined && section !== null && section >= sections.length)
        context.addIssue({
          code: 'custom',
          path: ['components', index, 'section'],
          message: 'must be the place of a section in sections, from 0',
        })
  })
  .meta({ id: 'NewPageLayout' })

export const layoutReply = z
  .strictObject({
    sections: z.array(z.strictObject({ id: z.string(), name: z.string() })),
    components: z.array(
      z.strictObject({
        id: z.string(),
        monitorId: z.string().nullable(),
        section: z.int().nullable(),
        monitorName: z.string().nullable(),
        /** The name shown to readers; null: the monitor's name. */
        displayName: z.string().nullable(),
        description: z.string().nullable(),
        hidden: flag,
        state: z.enum(['up', 'degraded', 'down', 'maintenance', 'unknown', 'paused']),
      }),
    ),
  })
  .meta({ id: 'PageLayout' })

export type NewLayoutBody = z.output<typeof newLayout>
export type LayoutReply = z.input<typeof layoutReply>
