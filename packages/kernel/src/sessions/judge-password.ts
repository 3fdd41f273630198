import { dictionary } from '@zxcvbn-ts/language-common'

export type PasswordJudgement =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly message: string }

const charactersMin = 8
const charactersMax = 128
const commonCount = 10_000

// The list is ordered by how often each was found in leaked data.
const common: ReadonlySet<string> = new Set(dictionary['passwords-common'].slice(0, commonCount))

/**
 * Accepts a password by its length, and if it is not among the 10,000 most common ones (S1). The sentence follows the
 * field's name.
 */
export function judgePassword(password: string): PasswordJudgement {
  const { length } = Array.from(password)
  if (length < charactersMin || length > charactersMax)
    return { accepted: false, message: `must be ${charactersMin} to ${charactersMax} characters long` }
  if (common.has(password.toLowerCase()))
    return { accepted: false, message: 'is among the most common passwords; choose another' }
  return { accepted: true }
}
