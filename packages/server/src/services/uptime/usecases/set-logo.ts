import { createHash } from 'node:crypto'
import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { NewLogoBody, ServiceReply } from '../contract/service-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { judgeLogo, type LogoType } from '../domain/logo.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { deleteLogo, insertLogo } from '../store/logo-store.ts'
import { lockService, touchService } from '../store/service-store.ts'
import { readService } from './list-services.ts'

const endings: Readonly<Record<LogoType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
}

/** Sets a page's logo, replacing an existing one. */
export async function setLogo(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  { content }: NewLogoBody,
): Promise<ServiceReply> {
  const bytes = Buffer.from(content, 'base64')
  const verdict = judgeLogo(bytes, policy.logo)
  if (!verdict.accepted)
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'content', message: verdict.message }] })
  const { type, width, height } = verdict
  // Not derived from the content alone, because then anybody with an image could test whether a private page uses it.
  const hash = createHash('sha256').update(deps.randomBytes(32)).update(bytes).digest('hex').slice(0, 32)
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    if ((await lockService(tx, id)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Status page not found' })
    await deleteLogo(tx, id)
    const file = `logo-${hash}.${endings[type]}`
    await insertLogo(tx, { serviceId: id, file, mediaType: type, width, height, content })
    await touchService(tx, id, now)
    await raisePageVersion(tx, id)
    const detail = { mediaType: type, width, height, bytes: bytes.length }
    return {
      result: await readService(deps, tx, id),
      entry: { action: 'status_page.set_logo', resourceId: id, detail, at: now },
    }
  })
}

/** Removes the logo; does nothing if there is none. */
export async function removeLogo(deps: UptimeDeps, principal: Principal, id: string): Promise<ServiceReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    if ((await lockService(tx, id)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Status page not found' })
    await deleteLogo(tx, id)
    await touchService(tx, id, now)
    await raisePageVersion(tx, id)
    return {
      result: await readService(deps, tx, id),
      entry: { action: 'status_page.remove_logo', resourceId: id, detail: {}, at: now },
    }
  })
}
