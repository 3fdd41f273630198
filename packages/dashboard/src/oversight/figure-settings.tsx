import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Checks, Form, Lines, SaveActions, Section, Select, toChecked, toLines } from '../controls.tsx'
import { Field } from '../parts/field.tsx'
import { toText } from '../to-text.ts'
import { oversightRulesWords as says } from '../words/oversight-rules-words.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { reviewWords } from '../words/review-words.ts'
import { oversight } from './oversight-calls.ts'

type Settings = Awaited<ReturnType<typeof oversight.settings.get>>
type Change = Parameters<typeof oversight.settings.set>[0]

const roles = ['standard', 'high_risk', 'critical'] as const
const levels = ['usual', 'high', 'medium', 'low', 'off'] as const
const kinds = reviewWords.alerts.kinds

/** Settings for what the organisation's figures count, and for the severity of its alerts. */
export function FigureSettings({ settings }: { readonly settings: Settings }) {
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: async (fields: FormData) => oversight.settings.set(readSettings(fields)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['oversight-settings'] }),
  })
  const levelOf = new Map<string, string | null>(Object.entries(settings.alert_levels))
  return (
    <Section title={says.figures}>
      <Form
        label={says.figures}
        class="add measured"
        error={save.error}
        onSubmit={(fields) => save.mutate(fields)}
      >
        <Field
          label={says.stamp}
          name="stamp_ms"
          type="number"
          unit={says.milliseconds}
          value={String(settings.stamp_ms)}
        />
        <Select
          label={says.role}
          name="default_role_class"
          first={settings.default_role_class}
          choices={roles.map((value) => ({ value, text: oversightWords.roles[value] }))}
        />
        <Select
          label={says.zero}
          name="zero_telemetry"
          first={settings.zero_telemetry}
          choices={[
            { value: 'measured', text: says.zeros.measured },
            { value: 'unmeasured', text: says.zeros.unmeasured },
          ]}
        />
        <Checks
          label={says.early}
          name="flags"
          choices={[
            { value: 'early', text: says.earlyChoice },
            { value: 'names', text: says.names },
          ]}
          chosen={[
            ...(settings.early_estimates ? ['early'] : []),
            ...(settings.alerts_name_operators ? ['names'] : []),
          ]}
        />
        <Lines
          label={says.rpIds}
          name="attest_rp_ids"
          hint={says.rpIdsHint}
          values={settings.attest_rp_ids}
        />
        <details class="more">
          <summary>{says.levels}</summary>
          <p class="muted small">{says.levelsText}</p>
          {Object.entries(kinds).map(([kind, text]) => (
            <Select
              key={kind}
              label={text}
              name={`level:${kind}`}
              first={levels.find((level) => level === levelOf.get(kind)) ?? 'usual'}
              choices={levels.map((value) => ({ value, text: says.level[value] }))}
            />
          ))}
        </details>
        <SaveActions save={save} text={says.saveFigures} saved={says.saved} />
      </Form>
    </Section>
  )
}

function readSettings(fields: FormData): Change {
  const flags = toChecked(fields, 'flags')
  const alertLevels = Object.keys(kinds).map((kind) => {
    const level = toText(fields, `level:${kind}`)
    return [kind, level === 'usual' ? null : level]
  })
  const role = toText(fields, 'default_role_class')
  return {
    stamp_ms: Number(toText(fields, 'stamp_ms')),
    default_role_class: roles.find((known) => known === role) ?? 'standard',
    zero_telemetry: toText(fields, 'zero_telemetry') === 'measured' ? 'measured' : 'unmeasured',
    early_estimates: flags.includes('early'),
    alerts_name_operators: flags.includes('names'),
    attest_rp_ids: toLines(toText(fields, 'attest_rp_ids')),
    // Safe: every kind has an entry with one of the levels of its field.
    alert_levels: Object.fromEntries(alertLevels) as NonNullable<Change['alert_levels']>,
  }
}
