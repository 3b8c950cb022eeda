import type { Format } from '../format.ts';
import { configValue } from '../promptfoo/config-value.ts';
import { readConfig } from '../promptfoo/read-config.ts';
import { isResults, readResults } from '../promptfoo/read-results.ts';
import { writeConfig } from '../promptfoo/write-config.ts';
import { refusal } from '../refusal.ts';
import { isMapping } from '../text/read-yaml.ts';

/** Configs and results of promptfoo, in YAML or JSON. */
export const promptfoo: Format = {
  title: 'promptfoo',
  ids: ['promptfoo'],
  detect(source) {
    if (!/prompts|providers|targets|results/.test(source.text)) return null;
    if ('problem' in source.json() && !/\.ya?ml$/.test(source.name) && /\.\w+$/.test(source.name)) return null;
    const yaml = configValue(source);
    if ('problem' in yaml || !isMapping(yaml.value)) return null;
    const { value } = yaml;
    if (isResults(value)) return { id: 'promptfoo', sureness: 'certain' };
    const isNamed = /^promptfoo.*\.(?:ya?ml|json)$/.test(source.name);
    const hasPrompts = isPrompts(value.prompts);
    const hasModels = isList(value.providers) || isList(value.targets);
    const hasTests = ['tests', 'scenarios', 'defaultTest', 'redteam'].some((key) => value[key] !== undefined);
    if (/^#.*\$schema=.*promptfoo/m.test(source.text)) return { id: 'promptfoo', sureness: 'certain' };
    if ((hasPrompts || hasModels) && hasTests) return { id: 'promptfoo', sureness: 'certain' };
    if (hasPrompts && hasModels) return { id: 'promptfoo', sureness: 'likely' };
    return isNamed && (hasPrompts || hasModels) ? { id: 'promptfoo', sureness: 'likely' } : null;
  },
  async read(source, _, losses) {
    const yaml = configValue(source);
    if ('problem' in yaml)
      throw refusal(`${source.path} is not valid YAML, line ${yaml.line}: ${yaml.problem}`, {
        reason: 'yaml',
        line: yaml.line,
      });
    if (!isMapping(yaml.value))
      throw refusal(`${source.path} is no config of promptfoo: it must be an object with "prompts".`, {
        reason: 'no-prompts',
      });
    return isResults(yaml.value) ? readResults(source, yaml.value, losses) : readConfig(source, yaml.value, losses);
  },
  write: writeConfig,
};

function isPrompts(value: unknown): boolean {
  if (!Array.isArray(value)) return typeof value === 'string' || isMapping(value);
  const isForeign = (item: unknown) => isMapping(item) && ('messages' in item || 'template' in item);
  return isList(value) && !value.some(isForeign);
}

function isList(value: unknown): boolean {
  const isEntry = (item: unknown) => typeof item === 'string' || isMapping(item);
  return typeof value === 'string' || (Array.isArray(value) && value.some(isEntry));
}
