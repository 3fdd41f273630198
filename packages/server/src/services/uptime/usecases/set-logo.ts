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

/** Gives a page a logo in place of the one that it has. */
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
  // Not of the content alone: whoever has a picture could ask whether some private page shows it.
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

/** Takes the logo away; a page that has none stays as it is. */
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
