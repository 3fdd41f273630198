import { RawReply } from '@gatehouse/kernel/endpoint'
import { runbookIds, type RunbookRecord, writeRunbookRecord } from '../../src/operations/runbook-records.ts'
import { changingHandler, type Mutant, runningAsInstance } from './mutant.ts'

const instance = '00000000-0000-4000-8000-000000000000'

type Kind = RunbookRecord['steps'][number]['kind']

/** What drills leave, on the disk of the instance. */
export async function writeDrills(
  env: Readonly<Record<string, string>>,
  { kinds, ownMs, outcome }: { readonly kinds: readonly Kind[] } & Pick<RunbookRecord, 'ownMs' | 'outcome'>,
): Promise<void> {
  const at = new Date().toISOString()
  for (const runbook of runbookIds)
    await writeRunbookRecord(env['GATEHOUSE_DATA'] ?? '', {
      runbook,
      isDrill: true,
      outcome,
      startedAt: at,
      endedAt: at,
      ownMs,
      steps: kinds.map((kind, place) => ({
        id: `step-${place}`,
        kind,
        state: 'done' as const,
        because: null,
        ms: 1,
        waitedMs: 0,
        found: {},
      })),
    })
}

const emptyBill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { name: 'gatehouse', version: '0.0.0' } },
  components: [],
  dependencies: [],
}

/** What whoever runs the instance does, and when. */
export const operationMutants: readonly Mutant[] = [
  {
    claim: 'incidents.affected-are-told-in-time',
    group: 'services',
    ...runningAsInstance(
      `INSERT INTO platform.security_incident
         (org_id, id, title, severity, scope_orgs, scope_data, opened_at, clock_from, contained_at)
       VALUES ('${instance}', 'late', 'Late', 'high', 'unknown', '', now() - interval '73 hours',
               now() - interval '73 hours', now())`,
    ),
  },
  {
    claim: 'incidents.reports-are-published',
    group: 'services',
    ...runningAsInstance(
      `INSERT INTO platform.security_incident
         (org_id, id, title, severity, scope_orgs, scope_data, opened_at, clock_from, contained_at, report, published_at)
       VALUES ('${instance}', 'published', 'Published', 'high', 'none', '', now(), now(), now(),
               '{"en": {"title": "x", "happened": "x", "countermeasures": "x"}}', now())`,
    ),
    weakened: changingHandler(
      'listPublishedIncidents',
      () => new RawReply('<p>Nothing ever happens here.</p>'),
    ),
  },
  {
    claim: 'disclosure.acknowledged-in-time',
    group: 'services',
    ...runningAsInstance(
      `INSERT INTO platform.disclosure_case
         (org_id, id, reference, code_digest, report_sealed, wants_credit, received_at)
       VALUES ('${instance}', 'late', 'GH-LATE', decode(repeat('00', 32), 'hex'), 'x', false, now() - interval '8 days')`,
    ),
  },
  { claim: 'disclosure.critical-fixes-in-time', group: 'services' },
  {
    claim: 'supply-chain.bill-of-materials',
    group: 'limitless',
    weakened: changingHandler('readSbom', () => new RawReply(JSON.stringify(emptyBill))),
  },
  {
    claim: 'playbook.every-runbook-is-drilled',
    group: 'limitless',
    weaken: ({ env }) =>
      writeDrills(env, { kinds: ['investigate', 'rotate'], ownMs: 700_000, outcome: 'failed' }),
  },
  {
    claim: 'targets.are-acknowledged',
    group: 'services',
    // Whatever was said is forgotten.
    weakened: changingHandler<unknown, { readonly data: object }>(
      'readTargetAcknowledgement',
      async ({ caller, input, handle }) => ({
        data: { ...(await handle(caller, input)).data, acknowledged: null, isCurrent: false },
      }),
    ),
  },
  { claim: 'playbook.rotation-comes-first', group: 'limitless' },
  { claim: 'playbook.rotation-takes-minutes', group: 'limitless' },
]
