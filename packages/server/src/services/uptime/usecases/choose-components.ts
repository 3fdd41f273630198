import { mutate } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { UptimeDeps } from '../deps.ts'
import { findLayout } from '../store/layout-store.ts'
import { isOrgSuspended } from '../store/plan-store.ts'
import { findService } from '../store/service-store.ts'
import { findSubscriber, setChosenComponents } from '../store/subscriber-store.ts'
import { findLink } from './answer-invitation.ts'

type Deps = Pick<UptimeDeps, 'db' | 'clock' | 'audit'>

/** What a subscriber is told of, and what there is to choose from: nothing that the page does not show. */
export type ComponentChoice = {
  readonly page: string
  readonly components: readonly { readonly id: string; readonly name: string }[]
  /** Empty: everything that the page shows. */
  readonly chosen: readonly string[]
}

/** `unknown`: something was chosen that the page does not show. */
export type ChoiceVerdict =
  | { readonly outcome: 'saved' | 'unknown'; readonly choice: ComponentChoice }
  | { readonly outcome: 'ended' }

/** Undefined where there is nothing to choose: no confirmed subscription, or a page that is not open to its readers. */
export async function findChoice(
  deps: Pick<Deps, 'db'>,
  token: string,
): Promise<ComponentChoice | undefined> {
  const link = await findLink(deps, token)
  return link && within(deps, link.principal, (tx) => readChoice(tx, link.id))
}

/** Whoever has the link of a mail reads the mailbox, and so decides what comes to it. */
export async function chooseComponents(
  deps: Deps,
  token: string,
  chosen: readonly string[],
): Promise<ChoiceVerdict> {
  const link = await findLink(deps, token)
  const before = link && (await within(deps, link.principal, (tx) => readChoice(tx, link.id)))
  if (link === undefined || before === undefined) return { outcome: 'ended' }
  const wanted = [...new Set(chosen)]
  if (!wanted.every((id) => before.components.some((shown) => shown.id === id)))
    return { outcome: 'unknown', choice: before }
  return mutate<ChoiceVerdict>(deps, link.principal, async (tx) => {
    await setChosenComponents(tx, link.id, wanted)
    const subscriber = await findSubscriber(tx, link.id)
    return {
      result: { outcome: 'saved', choice: { ...before, chosen: wanted } },
      entry: {
        action: 'status_page.choose_components',
        resourceId: subscriber?.serviceId ?? link.id,
        detail: { subscriberId: link.id },
        at: deps.clock.now(),
      },
    }
  })
}

async function readChoice(tx: TenantTx, id: string): Promise<ComponentChoice | undefined> {
  const subscriber = await findSubscriber(tx, id)
  if (subscriber === undefined || subscriber.confirmedAtMs === null) return undefined
  const service = await findService(tx, subscriber.serviceId)
  if (service === undefined || service.access === 'members' || (await isOrgSuspended(tx))) return undefined
  const { components } = await findLayout(tx, service.id)
  const shown = components
    .filter(({ hidden }) => !hidden)
    .map((component) => ({ id: component.id, name: component.displayName ?? component.monitorName ?? '' }))
  return {
    page: service.name,
    components: shown,
    chosen: subscriber.componentIds.filter((chosen) => shown.some((component) => component.id === chosen)),
  }
}
