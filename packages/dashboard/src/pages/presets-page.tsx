import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { toNumber } from '../number-format.ts'
import { Complaint, Found, Heading } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { PresetEditor } from '../volatility/preset-editor.tsx'
import type { Preset } from '../volatility/regimes.ts'
import { words } from '../words.ts'
import { volatilityWords } from '../words/volatility-words.ts'

const says = volatilityWords.presets

export function PresetsPage() {
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const [chosen, setChosen] = useState('balanced')
  const query = useQuery({
    queryKey: ['presets'],
    queryFn: ({ signal }) => gatehouse.volatility.presets.list({ signal }),
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Found query={query}>
        {({ presets }) => {
          const base = presets.find(({ name }) => name === chosen) ?? presets[0]
          return (
            <>
              <List presets={presets} chosen={base?.name} mayWrite={mayWrite} onChoose={setChosen} />
              {base === undefined ? null : (
                <PresetEditor
                  key={`${base.name}/${base.version}`}
                  base={base}
                  all={presets}
                  mayWrite={mayWrite}
                  onBase={setChosen}
                />
              )}
            </>
          )
        }}
      </Found>
    </>
  )
}

function List({
  presets,
  chosen,
  mayWrite,
  onChoose,
}: {
  readonly presets: readonly Preset[]
  readonly chosen: string | undefined
  readonly mayWrite: boolean
  readonly onChoose: (name: string) => void
}) {
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={says.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.name}</th>
            <th scope="col" class="optional">
              {says.kind}
            </th>
            <th scope="col" class="number">
              {says.high}
            </th>
            <th scope="col" class="number">
              {says.low}
            </th>
            <th scope="col" class="number optional">
              {says.bars}
            </th>
            <th scope="col">{words.monitors.actions}</th>
          </tr>
        </thead>
        <tbody>
          {presets.map((preset) => (
            <tr key={preset.name} class={preset.name === chosen ? 'is-chosen' : ''}>
              <th scope="row">
                <span class="name">{preset.name}</span>
                <span class="muted small block optional">{describe(preset)}</span>
              </th>
              <td class="optional">{preset.builtin ? says.builtIn : says.own(toNumber(preset.version))}</td>
              <td class="number">
                {toNumber(preset.high_enter)} / {toNumber(preset.high_exit)} σ
              </td>
              <td class="number">
                {toNumber(preset.low_enter)} / {toNumber(preset.low_exit)} σ
              </td>
              <td class="number optional">
                {preset.enter_k} / {preset.exit_k}
              </td>
              <td>
                <div class="actions">
                  <button
                    type="button"
                    aria-pressed={preset.name === chosen}
                    onClick={() => onChoose(preset.name)}
                  >
                    {preset.builtin ? says.tryOut : says.edit}
                  </button>
                  {mayWrite && !preset.builtin ? <Remove name={preset.name} /> : null}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function describe({ name, description }: Preset): string {
  const known: Readonly<Record<string, string>> = says.descriptions
  return known[name] ?? description ?? ''
}

function Remove({ name }: { readonly name: string }) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => gatehouse.volatility.members.presets.deleteCustom(name),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['presets'] }),
  })
  return (
    <>
      <Confirm
        label={says.remove}
        thing={name}
        question={says.removeQuestion(name)}
        onConfirm={() => remove.mutate()}
      />
      <Complaint error={remove.error} />
    </>
  )
}
