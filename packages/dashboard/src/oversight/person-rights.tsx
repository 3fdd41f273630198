import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { DialogForm, Section } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { SecretOnce } from '../parts/secret-once.tsx'
import { saveFile } from '../save-file.ts'
import { usePerson } from '../session.ts'
import { personRightsWords as says } from '../words/person-rights-words.ts'
import { AccessLinks } from './access-links.tsx'
import { oversight } from './oversight-calls.ts'
import { TieMember } from './tie-member.tsx'

type OfPerson = { readonly operatorId: string }

/** What a person's rights ask for: links to their record, a tie to their account, an export and an erasure. */
export function PersonRights({ operatorId }: OfPerson) {
  const isOwner = usePerson()?.role === 'owner'
  return (
    <Section title={says.title} text={says.text}>
      <ul class="list deeds">
        <Links operatorId={operatorId} />
        {isOwner ? (
          <>
            <Tie operatorId={operatorId} />
            <Export operatorId={operatorId} />
            <Erase operatorId={operatorId} />
          </>
        ) : null}
      </ul>
    </Section>
  )
}

/** For an id that nobody's decisions are recorded under: decisions may still name it as their reviewer. */
export function ReviewerRights({ operatorId }: OfPerson) {
  return (
    <Section title={says.reviewer.title} text={says.reviewer.text}>
      <ul class="list deeds">
        <Export operatorId={operatorId} />
        <Erase operatorId={operatorId} />
      </ul>
    </Section>
  )
}

function Links({ operatorId }: OfPerson) {
  const [isOpen, setIsOpen] = useState(false)
  // The link opens a person's record, so it is discarded with this page.
  const make = useMutation({ mutationFn: () => oversight.people.createAccessLink(operatorId), gcTime: 0 })
  return (
    <li>
      <div class="grow">
        <h3>{says.links.title}</h3>
        <p class="muted small">{says.links.text}</p>
        <Complaint error={make.error} />
      </div>
      <div class="actions">
        <button type="button" disabled={make.isPending} onClick={() => make.mutate()}>
          {says.links.make}
        </button>
        <button type="button" onClick={() => setIsOpen(true)}>
          {says.links.see}
        </button>
      </div>
      {make.data === undefined ? null : (
        <SecretOnce key={make.data.url} text={says.links.once} secret={make.data.url} />
      )}
      {isOpen ? <AccessLinks operatorId={operatorId} onClose={() => setIsOpen(false)} /> : null}
    </li>
  )
}

function Tie({ operatorId }: OfPerson) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <li>
      <div class="grow">
        <h3>{says.tie.title}</h3>
        <p class="muted small">{says.tie.text}</p>
      </div>
      <button type="button" onClick={() => setIsOpen(true)}>
        {says.tie.open}
      </button>
      {isOpen ? <TieMember operatorId={operatorId} onClose={() => setIsOpen(false)} /> : null}
    </li>
  )
}

function Export({ operatorId }: OfPerson) {
  const take = useMutation({
    mutationFn: () => oversight.people.export(operatorId),
    onSuccess: (lines) => saveFile(lines, `operator-${operatorId}.ndjson`),
    gcTime: 0,
  })
  return (
    <li>
      <div class="grow">
        <h3>{says.export.title}</h3>
        <p class="muted small">{says.export.text}</p>
        <Complaint error={take.error} />
      </div>
      <button type="button" disabled={take.isPending} onClick={() => take.mutate()}>
        {take.isPending ? says.export.doing : says.export.do}
      </button>
    </li>
  )
}

function Erase({ operatorId }: OfPerson) {
  const [isAsking, setIsAsking] = useState(false)
  return (
    <li>
      <div class="grow">
        <h3>{says.erase.title}</h3>
        <p class="muted small">{says.erase.text}</p>
      </div>
      <button type="button" class="danger" onClick={() => setIsAsking(true)}>
        {says.erase.do}
      </button>
      {isAsking ? <ErasePerson operatorId={operatorId} onClose={() => setIsAsking(false)} /> : null}
    </li>
  )
}

function ErasePerson({ operatorId, onClose }: OfPerson & { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const [isSure, setIsSure] = useState(false)
  const erase = useMutation({
    mutationFn: () => oversight.people.erase(operatorId),
    onSuccess: async () => {
      // What was read before the erasure must not be shown after it, not even for a moment.
      await queries.resetQueries({ queryKey: ['operator', operatorId] })
      await queries.invalidateQueries()
      onClose()
    },
  })
  return (
    <DialogForm
      title={says.erase.title}
      text={says.erase.text}
      submit={says.erase.confirm}
      isDangerous
      isDisabled={!isSure || erase.isPending}
      error={erase.error}
      onSubmit={() => {
        if (isSure) erase.mutate()
      }}
      onClose={onClose}
    >
      <p class="small">{says.erase.stays}</p>
      <Field
        label={says.erase.typeName(operatorId)}
        name="name"
        onInput={(typed) => setIsSure(typed.trim() === operatorId)}
      />
    </DialogForm>
  )
}
