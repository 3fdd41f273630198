import { createOperatorResetLink } from '../platform/index.ts'
import { type LocalInstance, toPublicUrl } from './local-instance.ts'

export async function createLocalResetLink(
  local: LocalInstance,
  email: string,
): Promise<{ readonly url: string; readonly expiresAt: string }> {
  const deps = { ...local, publicUrl: () => toPublicUrl(local) }
  const link = await createOperatorResetLink(deps, email.toLowerCase())
  if (link === undefined) throw new Error(`Nobody has an account with the address ${email}`)
  return { url: link.url, expiresAt: new Date(link.expiresAtMs).toISOString() }
}
