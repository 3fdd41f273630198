import { hashPassword, judgePassword } from '@gatehouse/kernel/sessions'
import { problems } from '../problems.ts'

/** Throws for a password that is too short, too long or too common, naming the field (S1). */
export function assertGoodPassword(password: string, field = 'password'): void {
  const judgement = judgePassword(password)
  if (judgement.accepted) return
  throw problems.VALIDATION_ERROR({ fields: [{ field, message: judgement.message }] })
}

export async function hashNewPassword(password: string, field = 'password'): Promise<string> {
  assertGoodPassword(password, field)
  return hashPassword(password)
}
