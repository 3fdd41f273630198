import { encode } from 'uqr'

/** The quiet zone around the symbol, without which cameras do not detect it (ISO/IEC 18004 §6.3.8). */
const border = 4

/** Built from elements, because the page does not insert markup from text. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { border })
  const dark = data.flatMap((line, row) =>
    line.flatMap((isDark, column) => (isDark ? [`M${column} ${row}h1v1h-1z`] : [])),
  )
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} class="light" />
      <path d={dark.join('')} class="dark" />
    </svg>
  )
}
