import { hashPassword, judgePassword } from '@gatehouse/kernel/sessions'
import { problems } from '../problems.ts'

/** Refuses a password that is too short, too long or too common, by name of its field (S1). */
export function assertGoodPassword(password: string): void {
  const judgement = judgePassword(password)
  if (judgement.accepted) return
  throw problems.VALIDATION_ERROR({ fields: [{ field: 'password', message: judgement.message }] })
}

export async function hashNewPassword(password: string): Promise<string> {
  assertGoodPassword(password)
  return hashPassword(password)
}
