export {
  badgeType,
  type Colour,
  colours,
  measures,
  readPairs,
  type Shade,
  spaces,
  textSizes,
} from './tokens.ts'
export { mailStyles } from './mail-styles.ts'
export { fontFiles, toFontCss, toTokenCss, withTokens } from './to-css.ts'
