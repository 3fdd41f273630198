import { z } from 'zod'

const controls = /[\p{Cc}\p{Zl}\p{Zp}]/u
const turns = /[\u202a-\u202e\u2066-\u2069]/
const noCharacters = /[\p{Cs}\p{Noncharacter_Code_Point}]/u
/** Tag characters are an invisible spelling of ASCII. */
const tags = /[\u{e0000}-\u{e007f}]/u
/**
 * The only sequences of tag characters that are emoji (Unicode Technical Standard 51): the flags of England, Scotland
 * and Wales.
 */
const flagsOfTags =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu
/**
 * Letters, numbers, punctuation and symbols, without those characters of these categories that have no visible glyph.
 */
const visible =
  /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u{2800}\u{fffc}\u{13441}\u{13442}\u{1d159}]]/v

/**
 * The schema of every name that people read: normalized to NFC, trimmed, on one line, without characters that change
 * how the surrounding text reads, and with at least one visible character.
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
    .refine((value) => !tags.test(value.replaceAll(flagsOfTags, '')), 'must not contain tag characters')
    .refine((value) => value === '' || visible.test(value), 'must have a character that can be seen')
}
