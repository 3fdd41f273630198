import type { TeamChange, TeamSettings as Settings } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, Lines, SaveActions, Section, toLines } from '../controls.tsx'
import { Facts } from '../facts.tsx'
import { Field } from '../parts/field.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { teamWords } from '../words/team-words.ts'

const { teams } = gatehouse.platform
const says = teamWords.settings
const plans: Readonly<Record<string, string>> = says.plans

export function TeamSettings({
  settings,
  isOwner,
}: {
  readonly settings: Settings
  readonly isOwner: boolean
}) {
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (change: TeamChange) => teams.update(change),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['team'] }),
  })
  return (
    <Section title={says.title} text={says.text}>
      {isOwner ? (
        <Form
          label={says.title}
          class="panel"
          onSubmit={(fields) =>
            save.mutate({
              name: toText(fields, 'name'),
              allowedOrigins: toLines(toText(fields, 'origins')),
            })
          }
        >
          <Field label={says.name} name="name" value={settings.name} autoComplete="organization" />
          <Lines
            label={says.origins}
            name="origins"
            values={settings.allowedOrigins}
            hint={says.originsHint}
          />
          <SaveActions save={save} text={says.save} saved={says.saved} />
        </Form>
      ) : null}
      <Facts facts={[...(isOwner ? [] : toShown(settings)), ...toFixed(settings)]} />
    </Section>
  )
}

type Fact = readonly [name: string, value: string]

/** The settings for members who cannot edit them. */
function toShown({ name, allowedOrigins }: Settings): readonly Fact[] {
  return [
    [says.name, name],
    [says.origins, allowedOrigins.length === 0 ? says.noOrigins : allowedOrigins.join(', ')],
  ]
}

function toFixed({ slug, id, plan }: Settings): readonly Fact[] {
  return [
    [says.slug, slug],
    [says.id, id],
    [says.plan, plans[plan] ?? plan],
  ]
}
