import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'preact/hooks'
import { Section } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Choose, Segments } from '../parts/choices.tsx'
import { FieldErrors } from '../parts/field-errors.tsx'
import { Field } from '../parts/field.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useSettled } from '../use-settled.ts'
import { volatilityWords } from '../words/volatility-words.ts'
import { readTyped, type ThresholdName, thresholdNames, typeOut } from './preset-thresholds.ts'
import { PresetPreview } from './preset-preview.tsx'
import { type Preset, type Timeframe, timeframes, toShownSymbol } from './regimes.ts'
import { useSymbols } from './use-symbols.ts'

const says = volatilityWords.presets
const { presets } = gatehouse.volatility.members
const bars = 600

/** Thresholds with a live preview on a market; they take effect when saved. */
export function PresetEditor({
  base,
  all,
  mayWrite,
  onBase,
}: {
  readonly base: Preset
  readonly all: readonly Preset[]
  readonly mayWrite: boolean
  readonly onBase: (name: string) => void
}) {
  const queries = useQueryClient()
  const symbols = useSymbols()
  const [typed, setTyped] = useState(() => typeOut(base))
  const [symbol, setSymbol] = useState('btcusdt')
  const [timeframe, setTimeframe] = useState<Timeframe>('1h')
  const thresholds = useMemo(() => readTyped(typed), [typed])
  const settled = useSettled(thresholds)
  const beside = base.builtin ? base.name : 'balanced'
  const preview = useQuery({
    queryKey: ['preset-preview', symbol, timeframe, beside, settled],
    queryFn: ({ signal }) =>
      presets.preview({ symbol, timeframe, base: beside, bars, ...settled }, { signal }),
    enabled: mayWrite && settled !== undefined,
    placeholderData: (before) => before,
    retry: false,
  })
  const save = useMutation({
    mutationFn: (fields: FormData) => presets.upsertCustom(toText(fields, 'name').trim(), thresholds),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['presets'] }),
  })
  const error = save.error ?? preview.error
  return (
    <Section title={says.editor}>
      <form
        class="editor"
        aria-label={says.editor}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(new FormData(event.currentTarget))
        }}
      >
        <FieldErrors error={error}>
          <div class="editor-fields">
            <label class="field">
              <span>{says.base}</span>
              <Choose
                label={says.base}
                value={base.name}
                options={all.map(({ name }) => ({ value: name, text: name }))}
                onChoose={onBase}
              />
            </label>
            {thresholdNames.map((name) => (
              <Threshold
                key={name}
                name={name}
                value={typed[name]}
                onInput={(value) => setTyped((before) => ({ ...before, [name]: value }))}
              />
            ))}
            {mayWrite ? (
              <>
                <Field
                  label={says.name}
                  name="name"
                  hint={says.nameHint}
                  {...(base.builtin ? {} : { value: base.name })}
                />
                <Complaint error={error} />
                <div class="actions">
                  <button type="submit" class="primary" disabled={save.isPending || thresholds === undefined}>
                    {says.save}
                  </button>
                  {save.isSuccess ? (
                    <span class="muted small" role="status">
                      {says.saved}
                    </span>
                  ) : null}
                </div>
              </>
            ) : (
              <p class="muted small">{says.viewers}</p>
            )}
          </div>
        </FieldErrors>
        {mayWrite ? (
          <div class="editor-preview">
            <div class="actions">
              <Choose
                label={says.preview}
                value={symbol}
                options={(symbols.length === 0 ? [symbol] : symbols).map((value) => ({
                  value,
                  text: toShownSymbol(value),
                }))}
                onChoose={setSymbol}
              />
              <Segments
                label={volatilityWords.timeframe}
                value={timeframe}
                options={timeframes.map((value) => ({ value, text: value }))}
                onChoose={setTimeframe}
              />
            </div>
            {preview.data === undefined ? null : (
              <PresetPreview preview={preview.data} isOld={preview.isPlaceholderData} />
            )}
          </div>
        ) : null}
      </form>
    </Section>
  )
}

function Threshold({
  name,
  value,
  onInput,
}: {
  readonly name: ThresholdName
  readonly value: string
  readonly onInput: (value: string) => void
}) {
  return (
    <Field
      label={says.fields[name]}
      name={name}
      type="number"
      value={value}
      unit={name.endsWith('_k') ? says.barUnit : says.deviations}
      onInput={onInput}
    />
  )
}
