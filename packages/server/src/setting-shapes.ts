import { Secret } from '@gatehouse/kernel/secrets'
import { z } from 'zod'

export const url = (...protocols: readonly string[]) =>
  z
    .string()
    .refine((text) => protocols.includes(URL.parse(text)?.protocol ?? '') && URL.parse(text)?.hostname !== '')

export const secretUrl = (...protocols: readonly string[]) =>
  url(...protocols).transform((text) => new Secret(text))

/**
 * A whole number from the digits of a variable, or the number in a file; `Number()` alone would accept '', '0x1F' and
 * true.
 */
export const wholeNumber = (max: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(0).max(max))

/** A list from a variable, separated by commas, or the array in a file. */
export const list = (isEntry: (entry: string) => boolean) =>
  z
    .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
    .transform((entries) => entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))
    .refine((entries) => entries.every(isEntry))

export const filePath = z.string().regex(/^[^\p{Cc}]+$/u)
