import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from 'preact'
import { App } from './app.tsx'
import { language } from './language.ts'
import { showTheme } from './theme.ts'

const queries = new QueryClient({
  defaultOptions: {
    // The SDK has retried already when a query fails. The browser's online state is unreliable: a query waiting for it
    // could show “Loading…” forever.
    queries: { retry: false, staleTime: 5_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})

document.documentElement.lang = language
showTheme()

const root = document.querySelector('#app')
if (root === null) throw new Error('The page has no place for the app')
render(
  <QueryClientProvider client={queries}>
    <App />
  </QueryClientProvider>,
  root,
)
