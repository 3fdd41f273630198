import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from 'preact'
import { App } from './app.tsx'
import { language } from './language.ts'

// The SDK has already tried again by the time a query fails.
const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 5_000 } } })

document.documentElement.lang = language

const root = document.querySelector('#app')
if (root === null) throw new Error('The page has no place for the app')
render(
  <QueryClientProvider client={queries}>
    <App />
  </QueryClientProvider>,
  root,
)
