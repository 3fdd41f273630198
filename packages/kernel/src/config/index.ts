export {
  readConfig,
  toEnvExample,
  type Config,
  type ConfigSources,
  type Setting,
  type Settings,
} from './read-config.ts'
