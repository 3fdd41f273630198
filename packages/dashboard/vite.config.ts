import { createRequire } from 'node:module'
import { fontFiles, toFontCss, toTokenCss } from '@gatehouse/kernel/design'
import { defineConfig, type Plugin } from 'vite'

const { resolve } = createRequire(import.meta.url)

/** Puts the one set of tokens, and the fonts, into the app's stylesheet. */
function tokens(): Plugin {
  return {
    name: 'gatehouse-tokens',
    enforce: 'pre',
    transform: (code, id) =>
      id.endsWith('/src/style.css')
        ? `${code}\n${toTokenCss()}\n${toFontCss((file) => resolve(fontFiles[file]))}`
        : undefined,
  }
}

export default defineConfig({
  plugins: [tokens()],
  // Whatever path a proxy puts before the app, its parts are found beside each other.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: {
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A data: URL in the stylesheet would need a hole in the content policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // A library's mark for servers that render, which this app has none of.
      onLog: (level, log, tell) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log)
      },
    },
  },
})
