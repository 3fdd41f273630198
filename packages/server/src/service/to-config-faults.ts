import { toFieldFaults } from '@gatehouse/kernel/endpoint'
import type { FieldFault } from '@gatehouse/kernel/problem'
import type { z } from 'zod'

/** Faults of a config, under the name that the request gives it. */
export function toConfigFaults(error: z.ZodError): readonly FieldFault[] {
  return toFieldFaults(error, '').map(({ field, message }) => ({
    field: field === '' ? 'config' : `config.${field}`,
    message,
  }))
}
