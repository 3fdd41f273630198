import type { SecurityIncident } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Form, Lines, Section, Select, toLines } from '../controls.tsx'
import { language } from '../language.ts'
import { Complaint } from '../parts.tsx'
import { FieldFrame, Field } from '../parts/field.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { instanceSecurityWords } from '../words/instance-security-words.ts'
import { severityChoices } from './incident-state.ts'

const says = instanceSecurityWords.incidents
const { securityIncidents } = gatehouse.platform.admin
const scopeNames = ['unknown', 'all', 'listed', 'none'] as const

/** The remaining steps, in order. */
export function IncidentSteps({
  incident,
  orgs,
}: {
  readonly incident: SecurityIncident
  readonly orgs: readonly string[]
}) {
  const { id } = incident
  if (incident.closedAt !== null) return <Report incident={incident} />
  return (
    <>
      <Scope incident={incident} orgs={orgs} />
      {incident.containedAt === null ? (
        <Step
          id={id}
          title={says.contain}
          work={(fields) => securityIncidents.contain(id, toText(fields, 'how'))}
        >
          <Field label={says.how} name="how" />
        </Step>
      ) : null}
      {incident.scope === 'all' || incident.scope === 'listed' ? <Tell incident={incident} /> : null}
      <Report incident={incident} />
      <Step
        id={id}
        title={says.close}
        work={(fields) => {
          const because = toText(fields, 'because')
          return securityIncidents.close(id, because === '' ? {} : { withoutReportBecause: because })
        }}
      >
        <Field label={says.because} name="because" isOptional />
      </Step>
    </>
  )
}

function Scope({
  incident,
  orgs,
}: {
  readonly incident: SecurityIncident
  readonly orgs: readonly string[]
}) {
  const [scope, setScope] = useState<(typeof scopeNames)[number]>(incident.scope)
  return (
    <Step
      id={incident.id}
      title={says.scope}
      button={says.save}
      work={(fields) => {
        const severity = toText(fields, 'severity')
        return securityIncidents.change(incident.id, {
          title: toText(fields, 'title'),
          data: toText(fields, 'data'),
          severity: severityChoices.find(({ value }) => value === severity)?.value ?? incident.severity,
          orgs: scope === 'listed' ? toLines(toText(fields, 'orgs')) : scope === 'none' ? [] : scope,
        })
      }}
    >
      <Field label={says.name} name="title" value={incident.title} />
      <Select label={says.severity} name="severity" first={incident.severity} choices={severityChoices} />
      <Field label={says.data} name="data" value={incident.data} isOptional />
      <Select
        label={says.scope}
        name="scope"
        value={scope}
        onChange={setScope}
        choices={scopeNames.map((value) => ({ value, text: says.scopes[value] }))}
      />
      {scope === 'listed' ? <Lines label={says.orgs} name="orgs" values={orgs} /> : null}
    </Step>
  )
}

function Tell({ incident: { id, notice } }: { readonly incident: SecurityIncident }) {
  const queries = useQueryClient()
  const preview = useMutation({
    mutationFn: (fields: FormData) => securityIncidents.previewNotice(id, toMessage(fields)),
  })
  const send = useMutation({
    mutationFn: (fields: FormData) => securityIncidents.notify(id, toMessage(fields)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  })
  const shown = preview.data
  return (
    <Section title={says.notify}>
      <Form
        label={says.notify}
        class="add measured"
        error={preview.error}
        onSubmit={(fields) => preview.mutate(fields)}
      >
        <TextArea label={says.message} name="en" value={notice?.en ?? ''} />
        <TextArea label={says.messageJa} name="ja" value={notice?.ja ?? ''} isOptional />
        <Complaint error={preview.error ?? send.error} />
        <div class="actions">
          <button type="submit" disabled={preview.isPending}>
            {says.preview}
          </button>
        </div>
      </Form>
      {shown === undefined || preview.variables === undefined ? null : (
        <div class="notice" role="status">
          <p>{says.previewOf(shown.orgs)}</p>
          {shown.isMailed ? null : <p class="muted">{says.notMailed}</p>}
          <p>
            <strong>{shown.mails[language].subject}</strong>
          </p>
          <pre class="payload" tabIndex={0} aria-label={says.message}>
            {shown.mails[language].text}
          </pre>
          <div class="actions">
            <button
              type="button"
              class="primary"
              disabled={send.isPending}
              onClick={() => send.mutate(preview.variables)}
            >
              {says.send}
            </button>
          </div>
        </div>
      )}
    </Section>
  )
}

function Report({ incident: { id, report } }: { readonly incident: SecurityIncident }) {
  return (
    <Step
      id={id}
      title={says.report}
      text={says.reportText}
      button={says.publish}
      work={(fields) =>
        securityIncidents.publish(id, {
          ...(report?.ja === undefined ? {} : { ja: report.ja }),
          en: {
            title: toText(fields, 'title'),
            happened: toText(fields, 'happened'),
            countermeasures: toText(fields, 'countermeasures'),
          },
        })
      }
    >
      <Field label={says.reportTitle} name="title" value={report?.en.title ?? ''} />
      <TextArea label={says.happened} name="happened" value={report?.en.happened ?? ''} />
      <TextArea
        label={says.countermeasures}
        name="countermeasures"
        value={report?.en.countermeasures ?? ''}
      />
    </Step>
  )
}

/** A form for one step, which records that it was done. */
function Step({
  id,
  title,
  text,
  button = title,
  work,
  children,
}: {
  readonly id: string
  readonly title: string
  readonly text?: string
  readonly button?: string
  readonly work: (fields: FormData) => Promise<SecurityIncident>
  readonly children: ComponentChildren
}) {
  const queries = useQueryClient()
  const step = useMutation({
    mutationFn: work,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['admin', 'security-incident', id] })
      await queries.invalidateQueries({ queryKey: ['admin', 'security-incidents'] })
      showToast(says.saved)
    },
  })
  return (
    <Section title={title} {...(text === undefined ? {} : { text })}>
      <Form label={title} class="add measured" error={step.error} onSubmit={(fields) => step.mutate(fields)}>
        {children}
        <Complaint error={step.error} />
        <div class="actions">
          <button type="submit" disabled={step.isPending}>
            {button}
          </button>
        </div>
      </Form>
    </Section>
  )
}

export function TextArea({
  value,
  ...field
}: {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly isOptional?: boolean
}) {
  return (
    <FieldFrame {...field}>
      {(attributes) => <textarea rows={4} {...attributes} defaultValue={value} />}
    </FieldFrame>
  )
}

function toMessage(fields: FormData): { readonly en: string; readonly ja?: string } {
  const ja = toText(fields, 'ja')
  return { en: toText(fields, 'en'), ...(ja === '' ? {} : { ja }) }
}
