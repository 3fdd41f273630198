import { expect, it } from 'vitest'
import { findCommands } from './find-commands.ts'

const commands = ['Monitors', 'API keys', 'Checkout monitor', 'モニター'].map((name) => ({ name }))
const find = (text: string): string[] => findCommands(commands, text).map(({ name }) => name)

it('what begins with the typed text comes first', () => {
  expect(find('mon')).toEqual(['Monitors', 'Checkout monitor'])
})

it('each typed word has to be in the name, in any order and case', () => {
  expect(find('KEYS api')).toEqual(['API keys'])
  expect(find('モニ')).toEqual(['モニター'])
  expect(find('nothing')).toEqual([])
})

it('without a word everything is there', () => {
  expect(find(' ')).toHaveLength(4)
})
