import { defineConfig } from 'vite'

export default defineConfig({
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
