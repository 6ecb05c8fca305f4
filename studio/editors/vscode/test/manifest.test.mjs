import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const manifest = read('package.json');
const configuration = read('language-configuration.json');

test('every file that the manifest names is there', () => {
  const { grammars, snippets, languages } = manifest.contributes;
  const named = [...grammars, ...snippets].map(({ path }) => path);
  for (const path of [...named, manifest.icon, ...languages.map((language) => language.configuration)]) {
    assert.ok(existsSync(new URL(`../${path}`, import.meta.url)), path);
  }
});

test('every semantic token has a scope that the grammar gives too', () => {
  const grammar = readFileSync(new URL('../syntaxes/anim.tmLanguage.json', import.meta.url), 'utf8');
  for (const [kind, scopes] of Object.entries(manifest.contributes.semanticTokenScopes[0].scopes)) {
    for (const scope of scopes) assert.ok(grammar.includes(`"${scope}"`), `${kind}: ${scope}`);
  }
});

test('the problem matcher reads the lines of `anim check --format concise`', () => {
  const [{ pattern }] = manifest.contributes.problemMatchers;
  const found = new RegExp(pattern.regexp).exec('films/rain.anim:3:13: error[E2003] there is no setting `zoomm`');
  const [file, line, column, severity, code, message] = ['file', 'line', 'column', 'severity', 'code', 'message'].map(
    (part) => found[pattern[part]],
  );
  assert.deepEqual([file, line, column, severity, code], ['films/rain.anim', '3', '13', 'error', 'E2003']);
  assert.equal(message, 'there is no setting `zoomm`');
  assert.equal(new RegExp(pattern.regexp).exec('✗ 1 error in 1 file'), null);
});

test('what opens a bracket indents, and what closes one goes back', () => {
  const increase = new RegExp(configuration.indentationRules.increaseIndentPattern);
  const decrease = new RegExp(configuration.indentationRules.decreaseIndentPattern);
  for (const line of ['camera 2d {', 'let a = clamp(', 'prompt {  # what it shows', 'x = "}" + [']) assert.match(line, increase);
  for (const line of ['grade { gain = 1 }', '# camera 2d {', 'title = "{"', 'title = "\\"{', 'fps = 12'])
    assert.doesNotMatch(line, increase);
  for (const line of ['}', '  )', '\t]']) assert.match(line, decrease);
  assert.doesNotMatch('fps = 12', decrease);
});

test('keys that begin below their name are indented', () => {
  const [{ beforeText, action }] = configuration.onEnterRules;
  assert.equal(action.indent, 'indent');
  for (const line of ['zoom =', '  angle  = # turns']) assert.match(line, new RegExp(beforeText));
  for (const line of ['zoom = 1', 'title = "a ="', '# zoom =']) assert.doesNotMatch(line, new RegExp(beforeText));
});

test('a word is a name, or a number with its unit', () => {
  const words = (text) => text.match(new RegExp(configuration.wordPattern, 'g'));
  assert.deepEqual(words('rotation_3d_y = 0s: -6.5db, 12s: 50%'), ['rotation_3d_y', '0s', '-6.5db', '12s', '50%']);
});
