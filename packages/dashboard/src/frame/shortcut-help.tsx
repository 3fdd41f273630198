import { Dialog } from '../controls.tsx'
import { paletteWords } from '../words/palette-words.ts'
import { usePlaces } from './use-places.ts'

const says = paletteWords.keys

/** The keyboard shortcuts, opened by `?`. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const lettered = [...usePlaces().values()].flat().filter(({ letter }) => letter !== undefined)
  const rows: readonly (readonly [keys: readonly string[], text: string])[] = [
    [['Ctrl', 'K'], says.palette],
    [['/'], says.search],
    [['?'], says.help],
    [['j', 'k'], says.move],
    [['x'], says.select],
    [['Enter'], says.open],
    [['Esc'], says.leave],
    ...lettered.map(({ letter = '', name }) => [['g', letter], says.goTo(name)] as const),
  ]
  return (
    <Dialog title={paletteWords.shortcuts} onClose={onClose}>
      <dl class="shortcuts">
        {rows.map(([keys, text]) => (
          <div key={text}>
            <dt>{text}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
