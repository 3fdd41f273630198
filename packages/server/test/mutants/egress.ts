import { createEgress, type Egress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import { changingHandler, lendDatabase, type Mutant } from './mutant.ts'

const lent = lendDatabase()

/** A way out that reaches loopback, and takes the signatures off what leaves. */
function weaken(egress: Egress): Egress {
  return {
    ...egress,
    request: ({ headers = {}, ...request }) =>
      egress.request({
        ...request,
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !/signature/i.test(name))),
      }),
    forOrg: (orgId, beyond) => weaken(egress.forOrg(orgId, beyond)),
  }
}

export const egressMutants: readonly Mutant[] = [
  {
    claim: 'egress.special-targets-are-refused',
    group: 'wrapped',
    weakened: {
      createEgress: (options) =>
        weaken(createEgress({ ...options, allow: parseEgressAllowance('127.0.0.0/8') })),
    },
  },
  { claim: 'egress.webhooks-stay-public', group: 'wrapped' },
  { claim: 'webhooks.are-signed', group: 'wrapped' },
  {
    claim: 'egress.checks-follow-no-redirect',
    group: 'wrapped',
    weaken: lent.weaken,
    // Looks once more, by a client that follows redirects and has a name of its own.
    weakened: changingHandler<{ readonly params: { readonly id: string } }>(
      'checkMonitor',
      async ({ caller, input, handle }) => {
        const { rows } = await lent
          .pool()
          .query<{ url: string }>(`SELECT config ->> 'url' AS url FROM uptime.monitor WHERE id = $1`, [
            input.params.id,
          ])
        await fetch(rows[0]?.url ?? '')
        return handle(caller, input)
      },
    ),
  },
  { claim: 'egress.checks-name-themselves', group: 'wrapped' },
]
