import type { ApiKey } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { DialogForm, Lines, toLines } from '../controls.tsx'
import { Found } from '../parts.tsx'
import { Refusal } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { toShownSymbol } from '../volatility/regimes.ts'
import { useSymbols } from '../volatility/use-symbols.ts'
import { keyWords } from '../words/key-words.ts'

const says = keyWords.symbols
const { members } = gatehouse.volatility

/** The symbols that a key of the volatility service can use at most, whatever its own list says. */
export function KeySymbols({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const queries = useQueryClient()
  const carried = useSymbols()
  const query = useQuery({
    queryKey: ['key-ceiling', apiKey.id],
    queryFn: ({ signal }) => members.getKeyCeiling(apiKey.id, { signal }),
  })
  const save = useMutation({
    mutationFn: async (fields: FormData) => {
      const wanted = toLines(toText(fields, 'symbols').toLowerCase())
      const unknown = wanted.filter((symbol) => !carried.includes(symbol))
      if (unknown.length > 0) throw new Refusal(says.unknown(unknown.map(toShownSymbol).join(', ')))
      return members.setKeyCeiling(apiKey.id, wanted)
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['key-ceiling', apiKey.id] })
      onClose()
    },
  })
  return (
    <DialogForm
      title={says.title(apiKey.name)}
      text={says.text}
      submit={keyWords.save}
      isDisabled={query.data === undefined || carried.length === 0 || save.isPending}
      error={save.error}
      onSubmit={(fields) => save.mutate(fields)}
      onClose={onClose}
    >
      <Found query={query}>
        {({ symbols }) => (
          <Lines label={says.list} name="symbols" values={symbols.map(toShownSymbol)} hint={says.hint} />
        )}
      </Found>
      <p class="muted small">{says.carried(carried.map(toShownSymbol).join(', '))}</p>
    </DialogForm>
  )
}
