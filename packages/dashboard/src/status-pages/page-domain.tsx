import type { Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Dialog, Form, Section } from '../controls.tsx'
import { Ago, Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { showToast } from '../parts/toast.tsx'
import { saying } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { pageDomainWords as says } from '../words/page-domain-words.ts'
import { DomainRecords } from './domain-records.tsx'
import { toPageAddress } from './page-address.ts'

const { services } = gatehouse.uptime

type Validation = NonNullable<Service['customDomainValidation']>

const refusals = { PLAN_REQUIRED: says.planMissing, INVALID_CONFIG: says.nameless }

const tones = { pending_validation: 'unknown', active: 'ok', failed: 'down' } as const

/** A name of the organisation's own under which the page is read. */
export function PageDomain({ service, isOwner }: { readonly service: Service; readonly isOwner: boolean }) {
  const { customDomain, customDomainStatus: status, customDomainValidation: validation } = service
  return (
    <Section title={says.title} text={says.text}>
      {isOwner ? null : <p class="muted small">{says.ownersOnly}</p>}
      {customDomain !== null && status !== null && validation !== null ? (
        <>
          <p class="state">
            <strong class="domain">{validation.shownDomain}</strong>
            <StatusMark tone={tones[status]} text={says.status[status]} isTag />
            {status === 'active' ? (
              <a href={toPageAddress(service)} target="_blank" rel="noreferrer">
                {says.open}
              </a>
            ) : null}
          </p>
          <Standing validation={validation} isActive={status === 'active'} />
          {isOwner ? <Verified service={service} validation={validation} /> : null}
        </>
      ) : isOwner ? (
        <NewDomain service={service} />
      ) : (
        <p>{says.none}</p>
      )}
    </Section>
  )
}

function NewDomain({ service: { id } }: { readonly service: Service }) {
  const queries = useQueryClient()
  const use = useMutation({
    mutationFn: (domain: string) => saying(refusals, () => services.setDomain(id, { domain })),
    onSuccess: ({ customDomainValidation }) => {
      showToast(says.set(customDomainValidation?.shownDomain ?? ''))
      return queries.invalidateQueries({ queryKey: ['services'] })
    },
  })
  return (
    <Form
      label={says.title}
      class="add"
      error={use.error}
      onSubmit={(fields) => use.mutate(toText(fields, 'domain'))}
    >
      <Field label={says.name} name="domain" hint={says.nameHint} />
      <p class="muted small">{says.plan}</p>
      <Complaint error={use.error} />
      <div class="actions">
        <button type="submit" disabled={use.isPending}>
          {says.use}
        </button>
      </div>
    </Form>
  )
}

/** What becomes of an active domain, and when its records were looked for. */
function Standing({
  validation: { badDays, checkedAt },
  isActive,
}: {
  readonly validation: Validation
  readonly isActive: boolean
}) {
  return (
    <div class="muted small">
      {!isActive ? null : badDays > 0 ? (
        <p class="complaint">{says.badDays(badDays)}</p>
      ) : (
        <p>
          {says.activeText} {says.certificate}
        </p>
      )}
      {checkedAt === null ? null : (
        <p>
          {says.checked}: <Ago at={checkedAt} />
        </p>
      )}
    </div>
  )
}

function Verified({
  service: { id },
  validation,
}: {
  readonly service: Service
  readonly validation: Validation
}) {
  const queries = useQueryClient()
  const [isRemoving, setIsRemoving] = useState(false)
  const settle = () => queries.invalidateQueries({ queryKey: ['services'] })
  const verify = useMutation({
    mutationFn: () => saying(refusals, () => services.verifyDomain(id)),
    onSuccess: settle,
  })
  const remove = useMutation({
    mutationFn: () => services.removeDomain(id),
    onSuccess: () => {
      showToast(says.removed(validation.shownDomain))
      return settle()
    },
  })
  return (
    <>
      <DomainRecords records={validation.records} />
      <Complaint error={verify.error} />
      {verify.data === undefined ? null : (
        <p class="small" role="status">
          {verify.data.customDomainStatus === 'active'
            ? says.verified(validation.shownDomain)
            : says.notVerified}
        </p>
      )}
      <div class="actions">
        <button type="button" disabled={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? says.verifying : says.verify}
        </button>
        <button type="button" class="quiet" onClick={() => setIsRemoving(true)}>
          {says.remove}
        </button>
      </div>
      {isRemoving ? (
        <Dialog
          title={says.removeTitle(validation.shownDomain)}
          text={says.removeText}
          onClose={() => setIsRemoving(false)}
        >
          <Complaint error={remove.error} />
          <div class="actions">
            <button type="button" class="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
              {says.removeNow}
            </button>
            <button type="button" class="quiet" onClick={() => setIsRemoving(false)}>
              {words.cancel}
            </button>
          </div>
        </Dialog>
      ) : null}
    </>
  )
}
