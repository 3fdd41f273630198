import { toFieldFaults } from '@gatehouse/kernel/endpoint'
import type { FieldFault } from '@gatehouse/kernel/problem'
import type { z } from 'zod'

/** The faults of a config, under the names that the request uses. */
export function toConfigFaults(error: z.ZodError): readonly FieldFault[] {
  return toFieldFaults(error, '').map(({ field, message }) => ({
    field: field === '' ? 'config' : `config.${field}`,
    message,
  }))
}
