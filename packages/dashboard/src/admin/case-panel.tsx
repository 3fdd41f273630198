import type { DisclosureCase } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Form, Select } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { instanceSecurityWords } from '../words/instance-security-words.ts'
import { severityChoices } from './incident-state.ts'

const says = instanceSecurityWords.cases
const { disclosureCases } = gatehouse.platform.admin
const outcomes = ['fixed', 'no_weakness', 'out_of_scope', 'duplicate'] as const

/** One vulnerability report with its remaining steps. */
export function CasePanel({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const query = useQuery({
    queryKey: ['admin', 'disclosure-case', id],
    queryFn: ({ signal }) => disclosureCases.read(id, { signal }),
    // Each read is recorded in the audit log, so it is not repeated.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  return (
    <SidePanel title={query.data?.case.reference ?? says.title} onClose={onClose}>
      <p class="muted small">{says.readText}</p>
      <Found query={query}>
        {({ case: one, report }) => (
          <>
            <dl class="facts">
              {(
                [
                  [says.what, report.what],
                  [says.impact, report.impact],
                  [says.reproduction, report.reproduction],
                  [says.contact, report.contact === '' ? says.anonymous : report.contact],
                  ...(report.creditName === null ? [] : [[says.creditName, report.creditName] as const]),
                ] as const
              ).map(([name, text]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd class="notice-text">{text}</dd>
                </div>
              ))}
            </dl>
            <Steps one={one} />
          </>
        )}
      </Found>
    </SidePanel>
  )
}

function Steps({ one }: { readonly one: DisclosureCase }) {
  const { id } = one
  const queries = useQueryClient()
  const step = useMutation({
    mutationFn: (work: () => Promise<DisclosureCase>) => work(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['admin', 'disclosure-case', id] })
      await queries.invalidateQueries({ queryKey: ['admin', 'disclosure-cases'] })
      showToast(says.done)
    },
  })
  if (one.closedAt !== null) return null
  return (
    <>
      <Complaint error={step.error} />
      <div class="actions">
        {one.acknowledgedAt === null ? (
          <button
            type="button"
            class="primary"
            disabled={step.isPending}
            onClick={() => step.mutate(() => disclosureCases.acknowledge(id))}
          >
            {says.acknowledge}
          </button>
        ) : null}
        {one.fixedAt === null ? (
          <button
            type="button"
            disabled={step.isPending}
            onClick={() => step.mutate(() => disclosureCases.fix(id))}
          >
            {says.fix}
          </button>
        ) : null}
      </div>
      <Form
        label={says.severity}
        class="add"
        onSubmit={(fields) => {
          const sent = toText(fields, 'severity')
          const severity = severityChoices.find(({ value }) => value === sent)?.value
          if (severity !== undefined) step.mutate(() => disclosureCases.judge(id, severity))
        }}
      >
        <Select
          label={says.severity}
          name="severity"
          first={one.severity ?? 'critical'}
          choices={severityChoices}
        />
        <div class="actions">
          <button type="submit" disabled={step.isPending}>
            {says.judge}
          </button>
        </div>
      </Form>
      {one.wantsCredit && one.fixedAt !== null && one.creditedAt === null ? (
        <Form
          label={says.credit}
          class="add"
          error={step.error}
          onSubmit={(fields) => step.mutate(() => disclosureCases.credit(id, toText(fields, 'what')))}
        >
          <Field label={says.creditWhat} name="what" />
          <div class="actions">
            <button type="submit" disabled={step.isPending}>
              {says.credit}
            </button>
          </div>
        </Form>
      ) : null}
      {one.acknowledgedAt === null ? null : (
        <Form
          label={says.close}
          class="add"
          onSubmit={(fields) => {
            const sent = toText(fields, 'outcome')
            const outcome = outcomes.find((known) => known === sent)
            if (outcome !== undefined) step.mutate(() => disclosureCases.close(id, outcome))
          }}
        >
          <Select
            label={says.outcome}
            name="outcome"
            first={one.fixedAt === null ? 'no_weakness' : 'fixed'}
            choices={outcomes.map((value) => ({ value, text: says.outcomes[value] }))}
          />
          <div class="actions">
            <button type="submit" disabled={step.isPending}>
              {says.close}
            </button>
          </div>
        </Form>
      )}
    </>
  )
}
