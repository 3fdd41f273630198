import { z } from 'zod'

const controls = /[\p{Cc}\p{Zl}\p{Zp}]/u
const turns = /[\u202a-\u202e\u2066-\u2069]/
const noCharacters = /[\p{Cs}\p{Noncharacter_Code_Point}]/u
/** Less what has no glyph of its own, though its category says letter, number, punctuation or symbol. */
const visible = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u{2800}\u{fffc}\u{1d159}]]/v

/**
 * A name for people, in one spelling (NFC): trimmed, on one line, without what changes how its surroundings read, and
 * with something that can be seen. The one rule for whatever carries a name.
 */
export function displayName(max: number): z.ZodString {
  const length = `must be 1 to ${max} characters long`
  return z
    .string()
    .normalize('NFC')
    .trim()
    .min(1, length)
    .max(max, length)
    .refine((value) => !controls.test(value), 'must not contain control characters')
    .refine((value) => !turns.test(value), 'must not contain characters that turn the direction of text')
    .refine((value) => !noCharacters.test(value), 'must not contain code points that are no characters')
    .refine((value) => value === '' || visible.test(value), 'must have a character that can be seen')
}
