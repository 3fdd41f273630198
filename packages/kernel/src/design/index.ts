export { type Colour, colours, measures, readPairs, type Shade, spaces, textSizes } from './tokens.ts'
export { fontFiles, toFontCss, toTokenCss } from './to-css.ts'
