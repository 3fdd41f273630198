import type { Gatehouse } from '@gatehouse/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { Facts } from '../facts.tsx'
import { toNumber } from '../number-format.ts'
import { Complaint, Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { gatehouse } from '../session.ts'
import { toDate } from '../to-date.ts'
import { planWords as says } from '../words/plan-words.ts'

type Billing = Awaited<ReturnType<Gatehouse['volatility']['members']['billing']>>
type Offer = Billing['offers'][number]

const calls = gatehouse.volatility.members

export function PlanPage() {
  const query = useQuery({
    queryKey: ['billing'],
    queryFn: ({ signal }) => calls.billing({ signal }),
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Found query={query}>
        {(billing) => (
          <>
            <Section title={says.now} {...(billing.plan === 'unlimited' ? { text: says.unlimitedText } : {})}>
              <Facts
                facts={[
                  [says.plan, nameOf(billing.plan)],
                  [says.source, says.sources[billing.plan_source]],
                ]}
              />
            </Section>
            {billing.plan === 'unlimited' && billing.subscriptions.length === 0 ? null : (
              <Subscriptions billing={billing} />
            )}
            <Limits billing={billing} />
          </>
        )}
      </Found>
    </>
  )
}

function nameOf(plan: string): string {
  const names: Readonly<Record<string, string>> = says.names
  return names[plan] ?? plan
}

function Subscriptions({ billing: { subscriptions, offers } }: { readonly billing: Billing }) {
  const portal = useMutation({
    mutationFn: () => calls.openBillingPortal(),
    onSuccess: ({ portal_url: url }) => location.assign(url),
  })
  if (subscriptions.length === 0)
    return <EmptyState title={says.nothing} text={offers.length === 0 ? says.notOffered : says.nothingText} />
  return (
    <Section title={says.subscriptions} text={says.manageText}>
      <div class="scroll" tabIndex={0} role="group" aria-label={says.subscriptions}>
        <table>
          <thead>
            <tr>
              <th scope="col">{says.plan}</th>
              <th scope="col">{says.status}</th>
              <th scope="col">{says.paidUntil}</th>
            </tr>
          </thead>
          <tbody>
            {subscriptions.map((one, at) => (
              <tr key={at}>
                <th scope="row">{nameOf(one.plan)}</th>
                <td>
                  {says.statuses[one.status]}
                  {one.until_ms === null ? null : (
                    <span class="muted small block">{says.keptUntil(toDay(one.until_ms))}</span>
                  )}
                </td>
                <td>{one.period_ends_ms === null ? '—' : toDay(one.period_ends_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="actions">
        <button type="button" disabled={portal.isPending} onClick={() => portal.mutate()}>
          {says.manage}
        </button>
      </div>
      <Complaint error={portal.error} />
    </Section>
  )
}

function toDay(atMs: number): string {
  return toDate(new Date(atMs).toISOString())
}

// Safe: these are the keys of the words.
const limitNames = Object.keys(says.limits) as (keyof typeof says.limits)[]

function Limits({ billing: { plan, limits, offers, subscriptions } }: { readonly billing: Billing }) {
  const checkout = useMutation({
    mutationFn: (chosen: Offer['plan']) => calls.startCheckout(chosen),
    onSuccess: ({ checkout_url: url }) => location.assign(url),
  })
  const others = offers.filter((offer) => offer.plan !== plan)
  const isPaying = subscriptions.some(({ gives }) => gives !== 'free')
  return (
    <Section title={says.compare} {...(isPaying && others.length > 0 ? { text: says.another } : {})}>
      <div class="scroll plan-limits" tabIndex={0} role="group" aria-label={says.compare}>
        <table>
          <thead>
            <tr>
              <th scope="col">{says.limit}</th>
              <th scope="col" class="number">
                {says.current(nameOf(plan))}
              </th>
              {others.map((offer) => (
                <th key={offer.plan} scope="col" class="number">
                  {nameOf(offer.plan)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {limitNames.map((name) => (
              <tr key={name}>
                <th scope="row">{says.limits[name]}</th>
                <td class="number">{toNumber(limits[name])}</td>
                {others.map((offer) => (
                  <td key={offer.plan} class="number">
                    {toNumber(offer.limits[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {others.length === 0 ? null : (
        <div class="actions">
          {others.map((offer) => (
            <button
              key={offer.plan}
              type="button"
              disabled={checkout.isPending}
              onClick={() => checkout.mutate(offer.plan)}
            >
              {says.buy(nameOf(offer.plan))}
            </button>
          ))}
        </div>
      )}
      <Complaint error={checkout.error} />
    </Section>
  )
}
