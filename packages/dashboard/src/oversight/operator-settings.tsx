import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, Section, Select } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { toText } from '../to-text.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { oversight, type Profile, roleClasses } from './oversight-calls.ts'

const says = oversightWords.person

/** An operator's role class and the date on which they were informed. */
export function OperatorSettings({ profile: { operator_id: id, profile } }: { readonly profile: Profile }) {
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (fields: FormData) => {
      const notice = toText(fields, 'notice')
      const role = roleClasses.find((known) => known === toText(fields, 'role'))
      return oversight.operators.change(id, {
        ...(role === undefined ? {} : { role_class: role }),
        notice_given_at: notice === '' ? null : `${notice}T00:00:00.000Z`,
      })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['operator', id] }),
  })
  return (
    <Section title={says.settings}>
      <Form label={says.settings} class="add inline even" onSubmit={(fields) => save.mutate(fields)}>
        <Select
          label={oversightWords.list.role}
          name="role"
          first={profile.role_class}
          choices={roleClasses.map((value) => ({ value, text: oversightWords.roles[value] }))}
        />
        <Field
          label={says.notice}
          name="notice"
          type="date"
          hint={says.noticeHint}
          isOptional
          value={profile.notice_given_at?.slice(0, 10) ?? ''}
        />
        <Complaint error={save.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={save.isPending}>
            {says.save}
          </button>
          {save.isSuccess ? <span role="status">{says.saved}</span> : null}
        </div>
      </Form>
    </Section>
  )
}
