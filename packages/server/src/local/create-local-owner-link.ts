import { createOwnerLink } from '../platform/index.ts'
import { type LocalInstance, toPublicUrl } from './local-instance.ts'

export async function createLocalOwnerLink(
  local: LocalInstance,
): Promise<{ readonly url: string; readonly expiresAt: string }> {
  const link = await createOwnerLink({ ...local, publicUrl: () => toPublicUrl(local) })
  if (!link.open) throw new Error('There is an account already; its owner invites the others')
  return { url: link.url, expiresAt: new Date(link.expiresAtMs).toISOString() }
}
