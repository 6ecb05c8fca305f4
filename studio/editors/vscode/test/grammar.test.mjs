import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';

const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');
const ROOT = new URL('../../../../', import.meta.url);
const GRAMMAR = new URL('../syntaxes/anim.tmLanguage.json', import.meta.url);

let grammar;

before(async () => {
  const wasm = readFileSync(require.resolve('vscode-oniguruma').replace(/main\.js$/, 'onig.wasm'));
  await oniguruma.loadWASM(wasm);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(GRAMMAR, 'utf8'), 'anim.json'),
  });
  grammar = await registry.loadGrammar('source.anim');
});

/** Every token of a text as `[characters, innermost scope]`, spaces left out. */
function scopes(text) {
  const found = [];
  let stack = textmate.INITIAL;
  for (const line of text.split(/\r?\n/)) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    for (const { startIndex, endIndex, scopes } of tokens) {
      const characters = line.slice(startIndex, endIndex);
      if (characters.trim() !== '') found.push([characters.trim(), scopes.at(-1), scopes]);
    }
    stack = ruleStack;
  }
  return found;
}

/** The scope of the first token with these characters. */
function scope(text, characters) {
  const found = scopes(text).find(([token]) => token === characters);
  assert.ok(found, `no token \`${characters}\` in ${JSON.stringify(scopes(text).map(([token]) => token))}`);
  return found[1].replace(/\.anim$/, '');
}

const CASES = [
  ['size = 768x512', 'size', 'support.type.property-name'],
  ['size = 768x512', '768x512', 'constant.numeric.size'],
  ['camera 3d {', 'camera', 'keyword.control.statement'],
  ['camera 3d {', '3d', 'constant.language.dimension'],
  ['camera closeup 3d { }', 'closeup', 'entity.name.type'],
  ['camera = closeup', 'camera', 'support.type.property-name'],
  ['prompt { 0s: "a" }', 'prompt', 'keyword.control.statement'],
  ['prompt = "a"', 'prompt', 'support.type.property-name'],
  ['scene night 4s {', 'night', 'entity.name.type'],
  ['diffuse { steps = 20; strength = 0.4 }', 'steps', 'support.type.property-name'],
  ['diffuse { steps = 20; strength = 0.4 }', 'strength', 'support.type.property-name'],
  ['diffuse.steps = 12', 'diffuse', 'support.class'],
  ['pipeline { carry = diffuse(moved) }', 'diffuse', 'support.function.operation'],
  ['pipeline { carry = diffuse(moved) }', 'carry', 'variable.other.property'],
  ['let thump = smooth(bass, 80ms)', 'let', 'storage.type.let'],
  ['let thump = smooth(bass, 80ms)', 'thump', 'variable.other.constant'],
  ['let thump = smooth(bass, 80ms)', 'smooth', 'support.function.curve'],
  ['let thump = smooth(bass, 80ms)', 'bass', 'support.variable.feature'],
  ['let thump = smooth(bass, 80ms)', '80', 'constant.numeric.quantity'],
  ['let thump = smooth(bass, 80ms)', 'ms', 'keyword.other.unit'],
  ['x = 1m30s', '30', 'constant.numeric.quantity'],
  ['x = 50%', '%', 'keyword.other.unit'],
  ['x = 10%3', '%', 'keyword.operator.arithmetic'],
  ['angle = 36deg per s', 'per', 'keyword.operator.word'],
  ['angle = 36deg per s', 's', 'keyword.other.unit'],
  ['zoom = 0s: 1 ease_in, 2s: 2 with smooth', 'ease_in', 'constant.language.easing'],
  ['zoom = 0s: 1 ease_in, 2s: 2 with smooth', 'smooth', 'constant.language.easing'],
  ['zoom = 0s: 1 spring(200, 12), 2s: 2', 'spring', 'constant.language.easing'],
  ['zoom = 1 if u > 0.5 else t', 't', 'variable.language.clock'],
  ['loop = on', 'on', 'constant.language'],
  ['color = lab', 'lab', 'constant.language.choice'],
  ['sampler = "Euler a"', 'Euler a', 'support.constant.sampler'],
  ['def wave(p, by = 2) = by', 'wave', 'entity.name.function'],
  ['def wave(p, by = 2) = by', 'by', 'variable.parameter'],
  ['use sway(amount = 2deg)', 'sway', 'entity.name.function'],
  ['import "std:push" as push', 'push', 'entity.name.namespace'],
  ['x = "(neon:{0.8 + bass})"', 'bass', 'support.variable.feature'],
  ['x = "(neon:1.2) \\u{1f98a}"', '1.2', 'constant.numeric.weight'],
  ['x = "a \\u{1f98a}"', '\\u{1f98a}', 'constant.character.escape'],
  ['output "{frame:05}.png"', ':05', 'constant.other.format'],
  ['x = 5frames', '5frames', 'invalid.illegal.number'],
  ['zoom = 1 # later', '# later', 'comment.line.number-sign'],
  ['color = "#ffffff"', '#ffffff', 'string.quoted.double'],
  ['x = song.bass', 'bass', 'variable.other.member'],
  ['weather = 1', 'weather', 'variable.other.property'],
];

for (const [text, characters, wanted] of CASES) {
  test(`${text}: \`${characters}\` is ${wanted}`, () => assert.equal(scope(text, characters), wanted));
}

test('a text that is not closed ends with its line', () => {
  assert.equal(scope('a = "open\nsteps = 2', 'steps'), 'support.type.property-name');
  assert.equal(scope('a = """open\nsteps = 2\n"""', 'steps = 2'), 'string.quoted.triple');
});

test('quotes end a text with an open brace too, so that texts are not nested without end', () => {
  assert.equal(scope('a = "a {b" # c', '# c'), 'comment.line.number-sign');
  assert.equal(scope('prompt { 0s: "a {b"; negative = "c" } # d', 'negative'), 'support.type.property-name');
  assert.equal(scope('a = """x {b""" # c', '# c'), 'comment.line.number-sign');
  assert.equal(scope('a = """x {cycle(["b"], 2)}""" # c', 'cycle'), 'support.function.curve');
  assert.equal(scope('a = """x {cycle(["b"], 2)}""" # c', '# c'), 'comment.line.number-sign');
  for (const text of ['"{', '{"', '"""{"', '"{a:0'])
    assert.ok(scopes(`x = ${text.repeat(99)}`).every(([, , all]) => all.length < 9), text);
});

test('every film of the examples is coloured, with nothing in it called illegal', () => {
  const folder = new URL('examples/', ROOT);
  const films = readdirSync(folder).filter((name) => name.endsWith('.anim'));
  assert.ok(films.length > 10);
  for (const film of films) {
    const found = scopes(readFileSync(new URL(film, folder), 'utf8'));
    const wrong = found.filter(([, , all]) => all.some((name) => name.startsWith('invalid')));
    assert.deepEqual(wrong.map(([token]) => `${film}: ${token}`), []);
    const plain = found.filter(([, , all]) => all.length === 1);
    assert.deepEqual(plain.map(([token]) => `${film}: ${token}`), [], 'characters without a scope');
  }
});
